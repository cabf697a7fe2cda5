import { type DeploymentRecord, toRecord } from '../deployments/deployment-record.ts'
import type { HeldNote } from '../deployments/held.ts'
import type { Keys } from '../deployments/keys.ts'
import type { Redis } from '../redis/redis.ts'
import { readLanes } from './lane-script.ts'

/** A repository and an environment. */
export interface Place {
  repositoryId: number
  environment: string
}

/** What Redis has of a lane at one moment. */
export interface LaneFacts {
  holder?: number
  lastSuccess?: number
  newestStarted?: number
  /** What failed there since the last success; records of older versions do not tell. */
  failed?: number
  /** All that are named here, those that wait, and those that were accepted just now; whatever there is of them. */
  records: ReadonlyMap<number, DeploymentRecord>
  /** What was said last of each that has not begun. */
  said: ReadonlyMap<number, string>
  held: HeldNote[]
}

/** Redis does nothing else while it reads this many: about a millisecond. */
const atOnce = 50

/** Reads lanes, each as it is at one moment, all in one round trip. */
export async function readLaneFacts(
  redis: Redis,
  keys: Keys,
  places: readonly Place[],
): Promise<LaneFacts[]> {
  const members = places.map(({ repositoryId, environment }) => `${repositoryId}:${environment}`)
  const parts: string[][] = []
  for (let from = 0; from < members.length; from += atOnce) parts.push(members.slice(from, from + atOnce))
  const answers = await Promise.all(parts.map((part) => readLanes(redis, [keys.lanes], part)))
  return (answers as string[][]).flat().map((json) => toLaneFacts(JSON.parse(json)))
}

interface RawLane {
  holder?: string
  last?: string
  newest?: string
  failed?: string
  records?: string[][]
  said?: string[]
  held?: string[]
}

function toLaneFacts({
  holder,
  last,
  newest,
  failed,
  records = [],
  said = [],
  held = [],
}: RawLane): LaneFacts {
  const read = records.map((fields) => toRecord(Object.fromEntries(pairs(fields))))
  return {
    ...(holder === undefined ? {} : { holder: Number(holder) }),
    ...(last === undefined ? {} : { lastSuccess: Number(last) }),
    ...(newest === undefined ? {} : { newestStarted: Number(newest) }),
    ...(failed === undefined ? {} : { failed: Number(failed) }),
    records: new Map(read.map((record) => [record.id, record])),
    said: new Map(pairs(said).map(([id, json]) => [Number(id), JSON.parse(json).description as string])),
    held: pairs(held).map(([id, json]) => ({ deployment: Number(id), ...JSON.parse(json) })),
  }
}

function pairs(list: readonly string[]): [string, string][] {
  const found: [string, string][] = []
  for (let index = 0; index + 1 < list.length; index += 2)
    found.push([list[index] ?? '', list[index + 1] ?? ''])
  return found
}
