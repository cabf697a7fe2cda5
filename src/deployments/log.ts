import type { Redis } from '../redis.ts'

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
}

/** A log keeps about this many lines; older ones go first. */
const keptLines = 20_000

/** Opens the logs in Redis. */
export function openLogs(redis: Redis, keys: LogKeys): Logs {
  return {
    async append(id, lines) {
      const pipeline = redis.pipeline()
      const key = keys.log(id)
      for (const line of lines) pipeline.xadd(key, 'MAXLEN', '~', keptLines, '*', 'text', line)
      const results = await pipeline.exec()
      const failed = results?.find(([error]) => error)
      if (failed?.[0]) throw failed[0]
    },

    async read(id, after = '-', limit = keptLines) {
      const start = after === '-' ? '-' : `(${after}`
      const entries = await redis.xrange(keys.log(id), start, '+', 'COUNT', limit)
      return entries.map(([line, fields]) => ({
        id: line,
        at: Number(line.split('-')[0]),
        text: fields[1] ?? '',
      }))
    },
  }
}
