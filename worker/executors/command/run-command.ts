import type { Executor, Run } from '../executor.ts'
import { describeOutcome } from './describe.ts'
import { factsOf } from './environment.ts'
import { type Command, runInWorkTree } from './run-in-work-tree.ts'
import type { Workspace } from './workspace.ts'

export interface CommandOptions extends Command {
  workspace: Workspace
}

/** Deploys by a command of the operator's, in a fresh work tree of the deployment's commit. */
export function runCommand({ workspace, ...command }: CommandOptions): Executor {
  return async (run) => {
    const { repository, deployment, signal, term, log } = run
    const { ending, tookMs, lastLines } = await runInWorkTree({
      workspace,
      repository,
      sha: deployment.sha,
      command,
      facts: factsOf(repository, deployment),
      payload: run.payload ?? knownPayload(run),
      ...{ trace: run.trace, signal, term },
      log,
    })
    return describeOutcome(deployment, ending, { ...command, tookMs }, lastLines)
  }
}

/** What the job knows, where nobody has read the payload: in the shape that our own deployments have. */
function knownPayload({ deployment }: Run): unknown {
  return {
    environment: deployment.environment,
    deploy_user: deployment.deployUser,
    pull_request: deployment.pullRequest,
  }
}
