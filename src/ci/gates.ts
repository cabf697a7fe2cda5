import { rememberedMs } from '../jobs/queues.ts'
import type { Redis } from '../redis/redis.ts'

/** What holds, or held, back a deployment that is to be created. Times are ms since 1970, by a worker's clock. */
export interface Gate {
  jobId: string
  repositoryId: number
  environment: string
  sha: string
  /** The pull request whose merge it is; undefined for a push or a promotion. */
  pullRequest?: number
  /** `late`: it was still pending at `until`. What is not pending is over: nothing is deployed. */
  verdict: 'pending' | 'red' | 'late'
  /** What is waited for, or has failed, each with its state: `build (in_progress)`. */
  checks: string[]
  since: number
  until: number
}

/** The memory of what waits for CI, and of what CI has stopped. */
export interface Gates {
  read(jobId: string): Promise<Gate | undefined>
  write(gate: Gate): Promise<void>
  /** It is green: there is no gate any more. */
  remove(jobId: string): Promise<void>
  /** What CI has stopped in a lane lately, newest first. */
  stopped(repositoryId: number, environment: string): Promise<Gate[]>
}

/** A wait that nobody looked at for so long after its limit, since no worker ran, is forgotten and begins anew. */
export const gateSlackMs = 10 * 60_000

/** So many that were stopped in a lane are told of, each with so many names. */
const keptStopped = 10
const keptChecks = 50

/** Opens the gates in Redis. */
export function openGates(redis: Redis, prefix: string): Gates {
  const keyOf = (jobId: string) => `${prefix}:gate:${jobId}`
  const laneOf = (repositoryId: number, environment: string) =>
    `${prefix}:gates-stopped:${repositoryId}:${environment}`

  const readAll = async (jobIds: string[]) => {
    if (jobIds.length === 0) return []
    const found = await redis.mget(jobIds.map(keyOf))
    return found.filter((json) => json !== null).map((json) => JSON.parse(json) as Gate)
  }

  return {
    async read(jobId) {
      return (await readAll([jobId]))[0]
    },

    async write(gate) {
      const json = JSON.stringify({ ...gate, checks: gate.checks.slice(0, keptChecks) })
      if (gate.verdict === 'pending') {
        await redis.set(keyOf(gate.jobId), json, 'PX', gate.until - gate.since + gateSlackMs)
        return
      }
      const lane = laneOf(gate.repositoryId, gate.environment)
      await redis
        .multi()
        .set(keyOf(gate.jobId), json, 'PX', rememberedMs)
        .lrem(lane, 0, gate.jobId)
        .lpush(lane, gate.jobId)
        .ltrim(lane, 0, keptStopped - 1)
        .pexpire(lane, rememberedMs)
        .exec()
    },

    async remove(jobId) {
      await redis.del(keyOf(jobId))
    },

    async stopped(repositoryId, environment) {
      const gates = await readAll(await redis.lrange(laneOf(repositoryId, environment), 0, -1))
      return gates.filter(({ verdict }) => verdict !== 'pending')
    },
  }
}
