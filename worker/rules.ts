import { environmentDigest } from '../src/config/environment-digest.ts'
import { findEnvironment } from '../src/config/find-environment.ts'
import type { EnvironmentRules, Rules, RulesInForce, VerifyRules } from '../src/config/rules.ts'
import type { LanePolicy } from '../src/deployments/lanes.ts'
import { GiveUp } from '../src/errors/errors.ts'
import { fullName, type ProcessDeployment, type Repository } from '../src/jobs/job.ts'
import type { Labels } from '../src/jobs/labels.ts'
import { labelsForDeployment } from '../src/jobs/needed-labels.ts'
import type { WorkerSettings } from '../src/settings/worker.ts'
import type { Workspace } from './executors/command/workspace.ts'
import type { Executor } from './executors/executor.ts'
import { createExecutor } from './executors/index.ts'
import type { CallbackAddresses } from './executors/request/callback-addresses.ts'
import { usesPayload } from './executors/uses-payload.ts'
import type { LossPolicy } from './lane/loss-policy.ts'

/** How one deployment is run. */
export interface RunRules {
  executor: Executor
  /** Whether it wants the payload that GitHub has. */
  usesPayload?: boolean
  /** What happens to those that wait while another runs. */
  lane: LanePolicy
  /** What happens to one whose worker was lost. */
  onWorkerLoss: LossPolicy
  /** How long it is held back, from when it was accepted. */
  waitMs: number
  /** Who must agree to it; undefined: nobody. */
  approvals: EnvironmentRules['approvals']
  /** When it may begin, and when not. */
  windows: EnvironmentRules['windows']
  freezes: EnvironmentRules['freezes']
  /** The labels that a worker must have to do it. */
  runsOn: Labels
  /** The digest of the environment's rules: what approvals are bound to. */
  readonly environmentDigest: string
  /** How it is found out whether what was deployed works; undefined: it is taken to. */
  verify: VerifyRules | undefined
  /** Whether the last success is deployed again after a failure. */
  rollback: EnvironmentRules['rollback']
  /** Values that no log and no status may show. */
  secrets: readonly string[]
  /** The digest of the rules that this is from, for the record. */
  digest: string
}

/**
 * The rules that a deployment runs under, as they are now. A run keeps those that it began with.
 *
 * @throws {GiveUp} if the rules do not know the repository or the environment any more
 */
export type RulesFor = (job: ProcessDeployment) => RunRules

/** Looks rules up for runs; an executor is made once for each environment of a configuration. */
export function createRulesFor(
  rules: RulesInForce,
  settings: WorkerSettings,
  workspace: () => Promise<Workspace>,
  callbacks: CallbackAddresses,
): RulesFor {
  const executors = new WeakMap<object, Executor>()
  return ({ repository, deployment }) => {
    const { current } = rules
    const environment = environmentOf(current, repository, deployment.environment)
    const { lane, onWorkerLoss, waitMs, approvals, windows, freezes, verify, rollback } = environment
    let executor = executors.get(environment.executor)
    if (!executor) {
      executor = createExecutor(environment.executor, {
        settings,
        secrets: current.secrets,
        workspace,
        callbacks,
      })
      executors.set(environment.executor, executor)
    }
    const { digest, secrets } = current
    return {
      ...{ executor, usesPayload: usesPayload(environment.executor), lane, onWorkerLoss, verify, rollback },
      runsOn: labelsForDeployment(current, { repository, deployment }),
      ...{ waitMs, approvals, windows, freezes, secrets, digest },
      // Few ask for it.
      get environmentDigest() {
        return environmentDigest(environment)
      },
    }
  }
}

/**
 * The rules of an environment.
 *
 * @throws {GiveUp} if it is not to be deployed to
 */
export function environmentOf(rules: Rules, repository: Repository, name: string): EnvironmentRules {
  const ofRepository = rules.of(fullName(repository))
  if (!ofRepository) throw new GiveUp(`${fullName(repository)} is not in livraison.yml any more.`)
  const environment = findEnvironment(ofRepository, name)
  if (environment) return environment
  throw new GiveUp(`${name} is not an environment of ${fullName(repository)} in livraison.yml any more.`)
}
