import { isatty } from 'node:tty'
import { type DestinationStream, pino } from 'pino'

/** So long may a line wait for others, and so many bytes together for more. */
const waitMs = 20
const mostBytes = 8 * 1024

const standardOutput = 1
/** @see https://github.com/pinojs/pino/blob/main/docs/api.md#level-string */
const warn = 40

/**
 * Where a busy process writes its log: many lines at a time, since each write costs as much as a line. One that warns waits for
 * nothing, and what still waits is written when the process ends; only SIGKILL can lose the lines of its last moment. A terminal
 * gets each line at once.
 */
export function openStandardOutput(fd = standardOutput): DestinationStream {
  if (isatty(fd)) return pino.destination({ fd, sync: true })
  const output = pino.destination({ fd, sync: true, minLength: mostBytes })
  let timer: NodeJS.Timeout | undefined
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    output.flush()
  }
  process.on('exit', () => output.flushSync())
  const lines = {
    // pino then says the level of each line. @see https://github.com/pinojs/pino/blob/main/docs/api.md#pino-symbols
    [pino.symbols.needsMetadataGsym]: true,
    lastLevel: 0,
    write(line: string) {
      output.write(line)
      if (this.lastLevel >= warn) flush()
      else timer ??= setTimeout(flush, waitMs).unref()
    },
  }
  return lines
}
