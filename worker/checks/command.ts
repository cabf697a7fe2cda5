import type { CheckRecord } from '../../src/checks/record.ts'
import type { CheckRules } from '../../src/config/rules.ts'
import { fullName } from '../../src/jobs/job.ts'
import type { TraceContext } from '../../src/tracing/tracing.ts'
import { describeFailure, duration } from '../executors/command/describe.ts'
import { runInWorkTree } from '../executors/command/run-in-work-tree.ts'
import type { Workspace } from '../executors/command/workspace.ts'
import type { Outcome } from '../executors/executor.ts'

/** One run of a check. */
export interface CheckRun {
  check: CheckRecord
  rules: CheckRules
  /** Where in a trace it runs. */
  trace?: TraceContext | undefined
  /** Aborted when it must stop. */
  signal: AbortSignal
  log(line: string): void
}

/** Runs a check's command; it throws if that cannot be done, and the signal's reason if it was stopped by it. */
export type RunCheckCommand = (run: CheckRun) => Promise<Outcome>

export interface CheckCommandOptions {
  workspace: () => Promise<Workspace>
  /** Values that no log may show. */
  secrets: () => readonly string[]
  /** From SIGTERM to SIGKILL. */
  graceMs: number
}

/** Runs checks in fresh work trees of the head. */
export function createCheckCommand({ workspace, secrets, graceMs }: CheckCommandOptions): RunCheckCommand {
  return async ({ check, rules, trace, signal, log }) => {
    const { command, env, timeoutMs } = rules
    const { ending, tookMs, lastLines } = await runInWorkTree({
      workspace: await workspace(),
      repository: check.repository,
      sha: check.sha,
      command: { command, env, timeoutMs, graceMs, secrets: secrets() },
      facts: factsOf(check),
      payload: { pull_request: check.pullRequest, author: check.author, fork: check.fork },
      // A fork's head could name private repositories as its submodules, and print them.
      anonymousSubmodules: check.fork,
      ...{ trace, signal, log },
    })
    if (ending.why === 'exit' && ending.status === 0) {
      return { state: 'success', description: `Passed in ${duration(tookMs)}.` }
    }
    return { state: 'failure', description: describeFailure(ending, { timeoutMs }, lastLines) }
  }
}

/** What a check's command may know. The names of branches and people are text that anybody may choose. */
function factsOf(check: CheckRecord): Record<string, string> {
  return {
    SHA: check.sha,
    REF: check.ref,
    BRANCH: check.ref,
    BASE: check.base,
    PULL_REQUEST: String(check.pullRequest),
    REPOSITORY: fullName(check.repository),
    CONTEXT: check.context,
    AUTHOR: check.author,
    FORK: String(check.fork),
  }
}
