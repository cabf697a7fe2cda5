import { type Child, startChild } from '../child.ts'
import type { Happenings } from './happenings.ts'

/** A process of Livraison's that is killed, paused and started again, always in the same place. */
export interface Service {
  name: string
  /** The process that runs now. */
  pid(): number | undefined
  /** Starts it unless it runs. */
  start(): void
  /** SIGKILL. False if there is nothing to kill. */
  kill(): boolean
  /** SIGSTOP. False if it does not run, or is paused already. */
  pause(): boolean
  /** SIGCONT, if it is paused. */
  resume(): void
  /** SIGTERM: it may take its time; a new one may be started meanwhile. False if it does not run. */
  drain(): boolean
  /** All processes that were ever started here. */
  all(): Child[]
}

export interface ServiceOptions {
  name: string
  file: string
  env: NodeJS.ProcessEnv
  cwd: string
  happenings: Happenings
  onLine: (line: string) => void
}

export function createService({ name, file, env, cwd, happenings, onLine }: ServiceOptions): Service {
  const started: Child[] = []
  let running: Child | undefined
  let isPaused = false

  const note = (what: Parameters<Happenings['note']>[0], pid: number): void =>
    happenings.note(what, name, pid)

  const resume = (): void => {
    if (!running || !isPaused) return
    isPaused = false
    note('resumed', running.pid)
    process.kill(running.pid, 'SIGCONT')
  }

  return {
    name,
    pid: () => running?.pid,
    start() {
      if (running) return
      const child = startChild({ name, file, env, cwd, onLine })
      running = child
      isPaused = false
      started.push(child)
      note('started', child.pid)
      void child.ended.then(() => {
        note('ended', child.pid)
        if (running === child) running = undefined
      })
    },
    kill() {
      if (!running) return false
      note('killed', running.pid)
      running.kill()
      running = undefined
      return true
    },
    pause() {
      if (!running || isPaused) return false
      isPaused = true
      process.kill(running.pid, 'SIGSTOP')
      note('paused', running.pid)
      return true
    },
    resume,
    drain() {
      if (!running) return false
      resume()
      note('drained', running.pid)
      void running.stop()
      running = undefined
      return true
    },
    all: () => [...started],
  }
}
