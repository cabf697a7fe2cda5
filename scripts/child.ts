import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { dieWithUs } from './die-with-us.ts'

export interface Child {
  name: string
  pid: number
  /** How it ended, whoever ended it: "exit status 1", "SIGKILL". Never rejects. */
  ended: Promise<string>
  /** The last lines it said, oldest first. */
  lastLines(): string[]
  /** Asks it to end (SIGTERM) and waits until it has. May be called again. */
  stop(): Promise<void>
  /** Ends it at once, with all that it started. */
  kill(): void
}

export interface ChildOptions {
  name: string
  /** A JavaScript file to run with this Node. */
  file: string
  args?: readonly string[]
  env: NodeJS.ProcessEnv
  cwd?: string
  /** Gets each line that it says on standard output and standard error. */
  onLine: (line: string) => void
}

const linesKept = 20

/** Starts one of our processes, in a process group of its own. It ends with us at the latest. */
export function startChild({ name, file, args = [], env, cwd, onLine }: ChildOptions): Child {
  const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
    env,
    cwd,
    // Ctrl-C in the terminal is for us alone: we stop our children in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const pid = child.pid as number
  const callOff = dieWithUs(pid)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      if (lines.length > linesKept) lines.shift()
      onLine(line)
    })
  }
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => {
      callOff()
      resolve(signal ?? `exit status ${code}`)
    })
  })
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await ended
  }
  const kill = (): void => {
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended.
    }
  }
  return { name, pid, ended, lastLines: () => [...lines], stop, kill }
}
