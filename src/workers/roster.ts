import { randomUUID } from 'node:crypto'
import type { Labels } from '../jobs/labels.ts'
import { poolsKey } from '../jobs/pools.ts'
import type { Redis } from '../redis/redis.ts'
import { beat, look } from './roster-scripts.ts'

/** A worker that is alive. Times are milliseconds since 1970. */
export interface RosterEntry {
  /** Its name, as the record of a deployment has it. */
  name: string
  labels: Labels
  /** The version of Livraison that it is. */
  version: string
  /** How many deployments it runs side by side. */
  concurrency: number
  startedAt: number
}

/** The workers, at one moment. */
export interface Roster {
  workers: RosterEntry[]
  /** The names of the queues of all pools. */
  pools: string[]
  /** The queues that no worker may take from, and since when that is so. */
  unattended: ReadonlyMap<string, number>
}

/** Knows which workers are alive. */
export interface Workers {
  look(): Promise<Roster>
}

/** What a worker says of itself, again and again. */
export interface Presence {
  /** Says that it is alive, and which queues its rules know of. `attendedNow` had nobody until now. */
  beat(queues: readonly string[]): Promise<Roster & { attendedNow: string[] }>
  /** Says that it is so no more. */
  leave(): Promise<void>
}

const keysOf = (prefix: string) => [`${prefix}:workers`, poolsKey(prefix), `${prefix}:unattended`]

/** Opens the roster, to look at it. */
export function openWorkers(redis: Redis, prefix: string): Workers {
  return { look: async () => toRoster(await look(redis, keysOf(prefix), [])) }
}

/** Opens a worker's own entry; without a beat for `aliveMs`, it counts as dead. */
export function openPresence(redis: Redis, prefix: string, me: RosterEntry, aliveMs: number): Presence {
  const [workers = '', ...others] = keysOf(prefix)
  // Its name is of its process, which may have been there before on another machine of the same name.
  const id = randomUUID()
  return {
    async beat(queues) {
      const answer = await beat(redis, [workers, ...others], [id, JSON.stringify(me), aliveMs, ...queues])
      return { ...toRoster(answer), attendedNow: (answer as string[][])[3] ?? [] }
    },
    async leave() {
      await redis.hdel(workers, id)
    },
  }
}

function toRoster(answer: unknown): Roster {
  const [pools = [], workers = [], unattended = []] = answer as string[][]
  const since = new Map<string, number>()
  for (let index = 0; index + 1 < unattended.length; index += 2) {
    since.set(unattended[index] ?? '', Number(unattended[index + 1]))
  }
  return {
    workers: workers.map(toEntry).sort((a, b) => (a.name < b.name ? -1 : 1)),
    pools: pools.toSorted(),
    unattended: since,
  }
}

function toEntry(json: string): RosterEntry {
  const { name, labels, version, concurrency, startedAt } = JSON.parse(json)
  return { name, labels, version, concurrency, startedAt }
}
