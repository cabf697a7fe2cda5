import type { LogId, Logs } from '../../src/deployments/log.ts'

/** Gathers the lines of something that runs and writes them to its log, a batch at a time, in order. */
export interface LogWriter {
  add(line: string): void
  /** Resolves when all that was added is written. */
  flush(): Promise<void>
}

const gatherMs = 100

/** A writer for one log. Lines that Redis refuses are lost, with a word to `onError`. */
export function createLogWriter(logs: Logs, id: LogId, onError: (error: unknown) => void): LogWriter {
  let gathered: string[] = []
  let writing: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const lines = gathered
    gathered = []
    if (lines.length > 0) writing = writing.then(() => logs.append(id, lines)).catch(onError)
    return writing
  }

  return {
    add(line) {
      gathered.push(line)
      timer ??= setTimeout(write, gatherMs)
    },
    flush: write,
  }
}
