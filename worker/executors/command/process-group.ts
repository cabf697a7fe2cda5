import { type ChildProcess, spawn } from 'node:child_process'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Term } from '../../lease.ts'
import { openPipe } from './pipe.ts'

export interface GroupOptions {
  /** For /bin/sh, as the configuration has it. */
  command: string
  cwd: string
  env: Record<string, string>
  /** A private directory for the time of the call. */
  directory: string
  signal: AbortSignal
  /** How long it may go on unless that is extended, even if this process is paused; undefined: as long as this process lives. */
  term?: Term | undefined
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
 * $1 is the command, $2 and $3 times of grace in seconds. A guard in the command's own process group reads a pipe that only
 * the worker writes to. Each line is the seconds for which the command may go on; they are counted by a child, which the
 * next line replaces, so that a worker that is paused cannot keep it up. The pipe's end, which even SIGKILL of the worker
 * brings about, stops the group as well. As the guard is a member, the group's number can be nobody else's before it is
 * gone.
 */
const script = `
( trap '' HUP INT QUIT TERM
  stop() { kill -s TERM 0; kill -s CONT 0; sleep "$1"; kill -s KILL 0; }
  counting=
  while read -r left <&3; do
    last=$counting
    ( trap 'kill -s KILL "$sleeping"; wait "$sleeping"; exit' USR2
      sleep "$left" & sleeping=$!
      wait "$sleeping"
      stop "$3" ) 3<&- &
    counting=$!
    if [ "$last" ]; then kill -s USR2 "$last"; wait "$last"; fi
  done
  stop "$2" ) </dev/null >/dev/null 2>&1 &
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
    const callOff = passOn(options.term, hold)
    const exit = exitOf(child).finally(callOff)
    const stop = watch(child, pipe.output, options)
    const [status, killedBy] = await exit.finally(stop.callOff)
    // Its children have what is left of the time to end.
    if (stop.why() !== undefined) await Promise.race([ended, sleep(Math.max(0, stop.at() + graceMs - now()))])
    kill(child, 'SIGKILL')
    await Promise.race([ended, sleep(drainMs)])
    const why = stop.why()
    if (why !== undefined) return { why }
    // The guard may have ended it while this process was paused. If it has ended well all the same, it has done its work.
    if (status !== 0 && isOver(options.term)) return { why: 'abort' }
    return killedBy ? { why: 'signal', signal: killedBy } : { why: 'exit', status: status ?? 1 }
  } finally {
    pipe.closeInput()
    pipe.output.destroy()
    hold?.destroy()
  }
}

function start({ command, cwd, env, graceMs, term }: GroupOptions, output: number): ChildProcess {
  const seconds = [graceMs, term?.graceMs ?? graceMs].map((ms) => String(ms / 1000))
  return spawn('/bin/sh', ['-c', script, 'sh', command, ...seconds], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  })
}

/** Tells the guard how long the command may go on, each time that it is extended. Gives a function that ends it. */
function passOn(term: Term | undefined, guard: ChildProcess['stdio'][3]): () => void {
  if (!term || !guard || !('write' in guard)) return () => {}
  const tell = () => guard.write(`${(Math.max(0, term.until() - now()) / 1000).toFixed(3)}\n`)
  tell()
  return term.onExtended(tell)
}

function isOver(term: Term | undefined): boolean {
  return term !== undefined && now() >= term.until()
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
