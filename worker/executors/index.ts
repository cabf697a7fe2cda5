import type { ExecutorRules } from '../../src/config/rules.ts'
import { secretsOf } from '../../src/github/credentials.ts'
import type { WorkerSettings } from '../../src/settings/worker.ts'
import { runCommand } from './command/run-command.ts'
import type { Workspace } from './command/workspace.ts'
import type { Executor } from './executor.ts'
import { loadModule } from './module.ts'
import type { CallbackAddresses } from './request/callback-addresses.ts'
import { requestExecutor } from './request/request.ts'
import { simulate } from './simulate.ts'

/** What executors may need beside their own rules. */
export interface ExecutorContext {
  settings: WorkerSettings
  /** Values that no log may show. */
  secrets: readonly string[]
  /** Where commands run; opened when the first one does. */
  workspace: () => Promise<Workspace>
  /** Where outcomes are told. */
  callbacks: CallbackAddresses
}

/** A command that is told to stop is killed after this long, and well before another may begin in its lane. */
const longestGraceMs = 5000

/** How long a command may take to end when it is told to stop. */
export function commandGraceMs(leaseMs: number): number {
  return Math.min(longestGraceMs, leaseMs / 2)
}

/** What was asked for while the environment still had something that deploys. */
const onlyActions: Executor = async ({ deployment }) => {
  throw new Error(`only GitHub Actions deploys to ${deployment.environment} (actions in livraison.yml).`)
}

/** The executor that rules ask for; a kind without one does not compile. */
export function createExecutor(rules: ExecutorRules, context: ExecutorContext): Executor {
  const { settings, workspace, callbacks } = context
  const secrets = [...context.secrets, ...secretsOf(settings)]
  switch (rules.kind) {
    case 'simulate':
      return simulate(rules.workMs)
    case 'run': {
      const graceMs = commandGraceMs(settings.leaseMs)
      return async (run) => runCommand({ ...rules, workspace: await workspace(), secrets, graceMs })(run)
    }
    case 'request':
      return requestExecutor(rules, { secrets, callbacks })
    case 'elsewhere':
      return async () => {
        throw new Error(`${rules.missing.join(', ')} is not set on this worker.`)
      }
    case 'use': {
      let loaded: Promise<Executor> | undefined
      return async (run) => {
        loaded ??= loadModule(rules, settings.configFile ?? 'livraison.yml')
        return (await loaded)(run)
      }
    }
    case 'actions':
      return onlyActions
  }
}
