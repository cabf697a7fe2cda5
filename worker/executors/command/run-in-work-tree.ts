import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Repository } from '../../../src/jobs/job.ts'
import { maskText } from '../../../src/log/mask.ts'
import type { TraceContext } from '../../../src/tracing/tracing.ts'
import type { Term } from '../../lease.ts'
import { environmentOf } from './environment.ts'
import { createOutput, type OutputLimits } from './output.ts'
import { type Ending, runGroup } from './process-group.ts'
import { checkOut } from './work-tree.ts'
import type { RunDirectory, Workspace } from './workspace.ts'

/** A command as the configuration has it, and its limits. */
export interface Command {
  command: string
  env: Record<string, string>
  timeoutMs: number
  /** How long it may write nothing; undefined: as long as it likes. */
  inactivityMs?: number | undefined
  /** From SIGTERM to SIGKILL; to be shorter than the lease on the lane. */
  graceMs?: number | undefined
  /** Values that the log must not show; those of fewer than four characters are not masked. */
  secrets?: readonly string[] | undefined
  limits?: OutputLimits | undefined
}

export interface WorkTreeRun {
  workspace: Workspace
  repository: Repository
  sha: string
  command: Command
  /** Given to the command in its environment. */
  facts: Record<string, string>
  /** Given to it as JSON in PAYLOAD_FILE. */
  payload: unknown
  /** Whether submodules are fetched without our token: the commit is a stranger's. */
  anonymousSubmodules?: boolean
  /** Where in a trace it runs. */
  trace?: TraceContext | undefined
  signal: AbortSignal
  /** How long it may go on unless that is extended, even if this process is paused. */
  term?: Term | undefined
  log(line: string): void
}

export interface WorkTreeEnding {
  ending: Exclude<Ending, { why: 'abort' }>
  /** How long the command ran. */
  tookMs: number
  /** Masked, as the log has them. */
  lastLines: string[]
}

const defaultGraceMs = 5000
const signalMs = 1000

/**
 * Runs a command in a fresh work tree of a commit. Whatever happens, its directory is removed and no process of
 * its group is left.
 *
 * @throws the signal's reason if it was stopped by it; an error in words, without secrets, if it could not be run
 */
export async function runInWorkTree(options: WorkTreeRun): Promise<WorkTreeEnding> {
  const { command, repository, signal } = options
  signal.throwIfAborted()
  const secrets = [...(command.secrets ?? [])]
  const workspace = rememberingTokens(options.workspace, secrets)
  await workspace.token(repository)
  const log = (line: string) => options.log(maskText(line, secrets))
  const run = await workspace.openRun()
  try {
    await checkOut({ ...options, workspace, run, log })
    for (const line of command.command.trim().split('\n')) log(`$ ${line}`)
    return await runCommandIn(run, options, secrets)
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof Error ? new Error(maskText(error.message, secrets)) : error
  } finally {
    await run.remove().catch(() => log('The work tree could not be removed; the next worker tries again.'))
  }
}

/** A workspace whose tokens become secrets as soon as they are given: they may be short-lived, and others each time. */
function rememberingTokens(workspace: Workspace, secrets: string[]): Workspace {
  return {
    ...workspace,
    async token(repository) {
      const token = await workspace.token(repository)
      if (!secrets.includes(token)) secrets.push(token)
      return token
    },
  }
}

async function runCommandIn(
  run: RunDirectory,
  { workspace, command, facts, payload, trace, signal, term, log }: WorkTreeRun,
  secrets: string[],
): Promise<WorkTreeEnding> {
  await writeFile(run.payloadFile, JSON.stringify(payload ?? null), { mode: 0o600 })
  const env = environmentOf({
    host: workspace.hostEnv,
    directories: run,
    facts,
    trace,
    configured: command.env,
  })
  const output = createOutput(secrets, log, command.limits)
  const began = performance.now()
  const ending = await runGroup({
    command: command.command,
    cwd: run.tree,
    env,
    directory: run.path,
    signal,
    term,
    timeoutMs: command.timeoutMs,
    inactivityMs: command.inactivityMs,
    graceMs: command.graceMs ?? defaultGraceMs,
    onOutput: output.add,
  })
  output.end()
  if (ending.why === 'abort') throw await reasonOf(signal)
  return { ending, tookMs: performance.now() - began, lastLines: output.lastLines() }
}

/** Why it was stopped. In a process that was paused beyond its term, the signal that says so may be a moment late. */
async function reasonOf(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), sleep(signalMs)])
  return signal.reason ?? new Error('It was stopped: it might not go on any longer.')
}
