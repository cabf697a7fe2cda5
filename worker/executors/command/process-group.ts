import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPipe } from './pipe.ts'

export interface GroupOptions {
  /** For /bin/sh, as the configuration has it. */
  command: string
  cwd: string
  env: Record<string, string>
  /** A private directory for the time of the call. */
  directory: string
  signal: AbortSignal
  timeoutMs: number
  /** How long it may be silent; undefined: as long as it likes. */
  inactivityMs?: number | undefined
  /** From SIGTERM to SIGKILL; also what it gets to end when this process dies. */
  graceMs: number
  onOutput(chunk: Buffer): void
}

/** How a command ended, or why it was stopped. */
export type Ending =
  | { why: 'exit'; status: number }
  | { why: 'signal'; signal: NodeJS.Signals }
  | { why: 'timeout' }
  | { why: 'silence' }
  | { why: 'abort' }

type Stop = 'timeout' | 'silence' | 'abort'

/** Processes that left the group may hold the pipe open for ever: what is in it is read, then we go on. */
const drainMs = 500

/**
 * $1 is the command, $2 the grace time in seconds. A guard in the command's own process group waits for the end
 * of a pipe that only the worker holds, which even SIGKILL of the worker closes, and then stops the group. As it
 * is a member, the group's number can be nobody else's before it is gone.
 */
const script = `
( trap '' HUP INT QUIT TERM
  read -r _ <&3
  kill -s TERM 0; kill -s CONT 0
  sleep "$2"
  kill -s KILL 0 ) </dev/null >/dev/null 2>&1 &
exec /bin/sh -c "$1" 3<&-`

/**
 * Runs a command in a process group of its own until it is over; then, of the group, nothing is left. What it
 * writes goes to `onOutput` until it ends, even if something that it left behind could still write.
 *
 * @throws if it cannot be started
 */
export async function runGroup(options: GroupOptions): Promise<Ending> {
  const { signal, directory, env, graceMs, onOutput } = options
  if (signal.aborted) return { why: 'abort' }
  const pipe = await openPipe(directory, env.PATH)
  pipe.output.on('data', onOutput).on('error', () => {})
  const ended = new Promise<void>((resolve) => pipe.output.once('close', () => resolve()))
  let hold: ChildProcess['stdio'][3]
  try {
    const child = start(options, pipe.input)
    pipe.closeInput()
    hold = child.stdio[3]
    hold?.on('error', () => {})
    const exit = exitOf(child)
    const stop = watch(child, pipe.output, options)
    const [status, killedBy] = await exit.finally(stop.callOff)
    // Its children have what is left of the time to end.
    if (stop.why() !== undefined) await Promise.race([ended, sleep(Math.max(0, stop.at() + graceMs - now()))])
    kill(child, 'SIGKILL')
    await Promise.race([ended, sleep(drainMs)])
    const why = stop.why()
    if (why !== undefined) return { why }
    return killedBy ? { why: 'signal', signal: killedBy } : { why: 'exit', status: status ?? 1 }
  } finally {
    pipe.closeInput()
    pipe.output.destroy()
    hold?.destroy()
  }
}

function start({ command, cwd, env, graceMs }: GroupOptions, output: number): ChildProcess {
  return spawn('/bin/sh', ['-c', script, 'sh', command, String(graceMs / 1000)], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  })
}

function exitOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`The command cannot be started: ${error.message}`)))
    child.once('exit', (status, killedBy) => resolve([status, killedBy]))
  })
}

interface Watch {
  /** Why it was stopped, if it was. */
  why(): Stop | undefined
  /** When it was stopped. */
  at(): number
  callOff(): void
}

/** Stops the group when it is asked to, when its time is up, and when it is silent for too long. */
function watch(
  child: ChildProcess,
  output: Socket,
  { signal, timeoutMs, inactivityMs, graceMs }: GroupOptions,
): Watch {
  let why: Stop | undefined
  let at = 0
  let killing: NodeJS.Timeout | undefined
  const stop = (reason: Stop) => {
    if (why !== undefined) return
    why = reason
    at = now()
    kill(child, 'SIGTERM')
    // A stopped process takes the signal only when it goes on.
    kill(child, 'SIGCONT')
    killing = setTimeout(kill, graceMs, child, 'SIGKILL')
  }
  const onAbort = () => stop('abort')
  const late = setTimeout(stop, timeoutMs, 'timeout')
  const silent = inactivityMs === undefined ? undefined : setTimeout(stop, inactivityMs, 'silence')
  output.on('data', () => silent?.refresh())
  signal.addEventListener('abort', onAbort, { once: true })
  if (signal.aborted) onAbort()
  return {
    why: () => why,
    at: () => at,
    callOff() {
      for (const timer of [late, silent, killing]) clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    },
  }
}

function kill({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // All of it has ended.
  }
}

function now(): number {
  return performance.now()
}
