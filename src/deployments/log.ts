import { defineScript, type Redis } from '../redis/redis.ts'

/** A line of a log. Its id orders it and says where to go on reading. */
export interface LogLine {
  id: string
  at: number
  text: string
}

/** What a log is of: a deployment or a check. */
export type LogId = number | string

/** Where logs lie in Redis. */
export interface LogKeys {
  log(id: LogId): string
}

/** The logs of deployments, or of checks, each a stream in Redis. */
export interface Logs {
  /** Adds lines in order. */
  append(id: LogId, lines: string[]): Promise<void>
  /** The lines after the one with the id `after`, oldest first, at most `limit`. */
  read(id: LogId, after?: string, limit?: number): Promise<LogLine[]>
  /** The last lines up to the one with the number `until`, the first being 1; of all, unless given. */
  readEnd(id: LogId, limit: number, until?: number): Promise<LogPage>
}

/** Some lines of a log in a row. */
export interface LogPage {
  lines: LogLine[]
  /** The number of the first of them. The oldest line that is kept has the number 1. */
  first: number
  /** How many lines the log has. */
  total: number
}

/** A log keeps about this many lines; older ones go first. */
const keptLines = 20_000

/** So many lines at once keep others from Redis for about a millisecond. */
const atOnce = 500

/** Adds lines to a log. Keys: log. Arguments: about how many it keeps, the lines. */
const append = defineScript(`
for line = 2, #ARGV do redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'text', ARGV[line]) end
return 1
`)

/** Opens the logs in Redis. */
export function openLogs(redis: Redis, keys: LogKeys): Logs {
  return {
    async append(id, lines) {
      const key = keys.log(id)
      for (let from = 0; from < lines.length; from += atOnce) {
        await append(redis, [key], [keptLines, ...lines.slice(from, from + atOnce)])
      }
    },

    async read(id, after = '-', limit = keptLines) {
      const start = after === '-' ? '-' : `(${after}`
      return (await redis.xrange(keys.log(id), start, '+', 'COUNT', limit)).map(toLine)
    },

    async readEnd(id, limit, until) {
      const key = keys.log(id)
      const isWhole = until === undefined
      // One after the other, and in one step: the numbers are those of the moment.
      const steps = redis.multi().xlen(key)
      if (isWhole) steps.xrevrange(key, '+', '-', 'COUNT', limit)
      else steps.xrange(key, '-', '+', 'COUNT', until)
      const [total = 0, entries = []] = ((await steps.exec()) ?? []).map(([error, answer]) => {
        if (error) throw error
        return answer
      }) as [number?, [string, string[]][]?]
      const last = isWhole ? entries.reverse() : entries.slice(-limit)
      const end = isWhole ? total : entries.length
      return { lines: last.map(toLine), first: end - last.length + 1, total }
    },
  }
}

function toLine([id, fields]: [string, string[]]): LogLine {
  return { id, at: Number(id.split('-')[0]), text: fields[1] ?? '' }
}
