import type { Redis } from '../redis.ts'
import type { Keys } from './keys.ts'

/** A line of a deployment's log. Its id orders it and says where to go on reading. */
export interface LogLine {
  id: string
  at: number
  text: string
}

/** The logs of deployments, each a stream in Redis. */
export interface Logs {
  /** Adds lines in order. */
  append(deploymentId: number, lines: string[]): Promise<void>
  /** The lines after the one with the id `after`, oldest first, at most `limit`. */
  read(deploymentId: number, after?: string, limit?: number): Promise<LogLine[]>
}

/** A log keeps about this many lines; older ones go first. */
const keptLines = 20_000

/** Opens the logs in Redis. */
export function openLogs(redis: Redis, keys: Keys): Logs {
  return {
    async append(deploymentId, lines) {
      const pipeline = redis.pipeline()
      const key = keys.log(deploymentId)
      for (const line of lines) pipeline.xadd(key, 'MAXLEN', '~', keptLines, '*', 'text', line)
      const results = await pipeline.exec()
      const failed = results?.find(([error]) => error)
      if (failed?.[0]) throw failed[0]
    },

    async read(deploymentId, after = '-', limit = keptLines) {
      const start = after === '-' ? '-' : `(${after}`
      const entries = await redis.xrange(keys.log(deploymentId), start, '+', 'COUNT', limit)
      return entries.map(([id, fields]) => ({ id, at: Number(id.split('-')[0]), text: fields[1] ?? '' }))
    },
  }
}
