import type { ProcessDeployment } from '../jobs/job.ts'
import type { Queues } from '../jobs/queues.ts'
import { wakeDeployment } from '../jobs/wake.ts'
import type { Redis } from '../redis/redis.ts'
import { announceNews, holdBack } from './hold-scripts.ts'
import type { Keys } from './keys.ts'
import type { LanePolicy } from './lanes.ts'

/** Something that holds a deployment back before it begins. */
export interface HeldBack {
  /** What kind of thing it is: `wait`. */
  hold: string
  /** One sentence for GitHub, of at most 140 code points. While it holds on, the same sentence. */
  reason: string
  /** When it ends by itself, in milliseconds since 1970. */
  endsAt?: number
  /**
   * When the deployment is given up if it is held still, and with what words; in milliseconds since 1970. It ends as an error,
   * unless somebody wanted it to end.
   */
  limit?: { at: number; reason: string; state?: 'inactive' }
}

/** A deployment that is held back, as it was when it was last looked at. Times are milliseconds since 1970. */
export interface HeldNote {
  deployment: number
  /** Never empty; the first is what GitHub shows. */
  holds: HeldBack[]
  since: number
  at: number
}

/** What became of a deployment that was to be held back. */
export type Holding =
  | { outcome: 'held' }
  /** A run of it may still be alive; in `leftMs` it is known to be lost. */
  | { outcome: 'alive'; leftMs: number }
  /** It is over: a newer one has begun (it has been ended now), or it was ended before. */
  | { outcome: 'superseded' | 'ended' }

/** The deployments that are held back, by lane. They hold neither the lane nor a worker's slot. */
export interface Held {
  /** Notes that a deployment is held back, and gives it the status `queued` if the reason is news. */
  hold(job: ProcessDeployment, policy: LanePolicy, holds: HeldBack[]): Promise<Holding>
  /**
   * Whoever ends a hold (unlocks, approves) calls this: what is held in the lane looks again at once. Gives the ids of
   * the deployments that slept.
   */
  wake(repositoryId: number, environment: string): Promise<number[]>
  /** A number that changes whenever those that are held are to look again: to be read before a look. */
  news(repositoryId: number, environment: string): Promise<string>
  /**
   * A number that changes whenever something new may hold a lane's deployments back (a lock is taken): to be read before a look,
   * and compared as the work begins.
   */
  barriers(repositoryId: number, environment: string): Promise<string>
  /** What is held in a lane, in the order of the ids. */
  list(repositoryId: number, environment: string): Promise<HeldNote[]>
}

/** Whoever is to begin first: the oldest where each has its turn, else the newest, which then replaces the others. */
function inTurn(ids: number[], policy: string | null): number[] {
  return ids.sort((a, b) => (policy === 'queue' ? a - b : b - a))
}

/** A held deployment looks again at least this often, in case nobody woke it. */
export const lookAgainMs = 60_000

/** Opens the registry of held deployments in Redis. The queues are for waking them. */
export function openHeld(redis: Redis, keys: Keys, queues: Queues): Held {
  return {
    async hold({ repository, deployment }, policy, holds) {
      const { id, environment } = deployment
      const touched = [
        keys.lane(repository.id, environment),
        keys.waiting(repository.id, environment),
        keys.record(id),
        keys.statuses(id),
        keys.held(repository.id, environment),
      ]
      const description = holds[0]?.reason ?? ''
      const args = [id, policy, description, JSON.stringify({ holds }), 4 * lookAgainMs]
      const [outcome, left] = (await holdBack(redis, touched, args)) as [Holding['outcome'], number?]
      return outcome === 'alive' ? { outcome, leftMs: Number(left) } : { outcome }
    },

    async wake(repositoryId, environment) {
      const touched = [keys.lane(repositoryId, environment), keys.held(repositoryId, environment)]
      const [ids, policy] = (await announceNews(redis, touched, [])) as [string[], string | null]
      const slept: number[] = []
      for (const id of inTurn(ids.map(Number), policy)) {
        if (await wakeDeployment(queues, id)) slept.push(id)
      }
      return slept
    },

    async news(repositoryId, environment) {
      return (await redis.hget(keys.lane(repositoryId, environment), 'news')) ?? '0'
    },

    async barriers(repositoryId, environment) {
      return (await redis.hget(keys.lane(repositoryId, environment), 'barriers')) ?? '0'
    },

    async list(repositoryId, environment) {
      const held = await redis.hgetall(keys.held(repositoryId, environment))
      return Object.entries(held)
        .map(([id, json]) => ({ deployment: Number(id), ...JSON.parse(json) }))
        .sort((a, b) => a.deployment - b.deployment)
    },
  }
}
