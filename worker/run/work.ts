import type { FinalState } from '../../src/deployments/lanes.ts'
import { messageOf, RetryLater } from '../../src/errors/errors.ts'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import type { Executor, Outcome, Run } from '../executors/executor.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'
import { verify } from '../verify/verify.ts'

/** How the work came to an end, or that it was stopped: before it was done, or while it was verified. */
export type Ended =
  | { state: Exclude<FinalState, 'inactive'>; description: string; verified?: boolean }
  | { state: 'stopped'; isDeployed: boolean }

/**
 * Does the work of a deployment, and then verifies that it works, if the rules want it. That the work is done is written
 * down in between: whoever takes it up again goes on from there.
 *
 * @param outcome what the work said of itself, if it was done before and only its verification is left
 * @throws {RetryLater} if the lane was lost before that could be written down
 */
export async function workAndVerify(
  job: ProcessDeployment,
  run: Run,
  rules: RunRules,
  tools: Tools,
  fence: number,
  outcome: string | undefined,
): Promise<Ended> {
  const worked: Ended =
    outcome === undefined ? await execute(run, rules, tools) : { state: 'success', description: outcome }
  if (worked.state !== 'success' || !rules.verify) return worked
  if (outcome === undefined && !(await tools.lanes.deployed(job, fence, worked.description))) {
    throw new RetryLater('The lane was lost while the deployment ran.')
  }
  try {
    run.signal.throwIfAborted()
    const { signal, log } = run
    const { verify: wanted, secrets } = rules
    const found = await tools.tracing.span('verify', {}, () => verify(wanted, { signal, log, secrets }))
    return found.isHealthy
      ? { ...worked, verified: true }
      : { state: 'failure', description: found.description }
  } catch (error) {
    if (run.signal.aborted) return { state: 'stopped', isDeployed: true }
    tools.log.error({ err: error }, 'a deployment could not be verified')
    return { state: 'failure', description: `Deployed, but it could not be verified: ${messageOf(error)}` }
  }
}

/** Runs the executor. Its own outcome counts even if it was asked to stop a moment before. */
async function execute(run: Run, { executor }: RunRules, tools: Tools): Promise<Ended> {
  const { signal, log } = run
  if (signal.aborted) return { state: 'stopped', isDeployed: false }
  try {
    return await runTraced(run, executor, tools)
  } catch (error) {
    if (signal.aborted) return { state: 'stopped', isDeployed: false }
    tools.log.error({ err: error }, 'the executor could not run a deployment')
    log(messageOf(error))
    return { state: 'error', description: `It could not be run: ${messageOf(error)}` }
  }
}

/** Runs the executor in a span of its own, which it hands on to what it starts or calls. */
function runTraced(run: Run, executor: Executor, { tracing }: Tools): Promise<Outcome> {
  const { environment, sha, task } = run.deployment
  const attributes = { 'livraison.environment': environment, 'livraison.sha': sha, 'livraison.task': task }
  return tracing.span('run', { attributes }, async (span) => {
    const outcome = await executor({ ...run, trace: tracing.context() })
    span.set({ 'livraison.state': outcome.state })
    if (outcome.state === 'failure') span.fail(outcome.description)
    return outcome
  })
}
