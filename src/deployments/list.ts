import type { DeploymentState } from '../github/deployments.ts'
import type { Redis } from '../redis/redis.ts'
import { type DeploymentRecord, toRecord } from './deployment-record.ts'
import type { Keys } from './keys.ts'

/** Which deployments; what is left out matches all. */
export interface DeploymentFilter {
  repositoryId?: number | undefined
  environment?: string | undefined
  state?: DeploymentState | undefined
}

export interface DeploymentPage {
  records: DeploymentRecord[]
  /** Go on before this id; undefined when there are no more. */
  next: number | undefined
}

const scanned = 100
/** Where few may match, more are looked at in one round trip. */
const scannedForFew = 500
/** One page looks at no more records than this; a rare state then takes several pages to find. */
const scannedAtMost = 2000

/** The deployments that match, newest first, at most `limit`, with ids below `before`. */
export async function listDeployments(
  redis: Redis,
  keys: Keys,
  filter: DeploymentFilter,
  limit: number,
  before?: number,
): Promise<DeploymentPage> {
  const records: DeploymentRecord[] = []
  const index = indexOf(keys, filter)
  let last = before
  const atOnce = filter.state === undefined ? scanned : scannedForFew
  for (let seen = 0; seen < scannedAtMost; seen += atOnce) {
    const from = last === undefined ? '+inf' : `(${last}`
    const ids = (await redis.zrevrangebyscore(index, from, '-inf', 'LIMIT', 0, atOnce)).map(Number)
    const candidates = await inState(redis, keys, ids, filter.state)
    for (let at = 0; at < candidates.length; at += scanned) {
      const part = candidates.slice(at, at + scanned)
      const found = await readRecords(redis, keys, part)
      for (const record of part.flatMap((id) => found.get(id) ?? [])) {
        if (!matches(record, filter)) continue
        if (records.length === limit) return { records, next: records.at(-1)?.id }
        records.push(record)
      }
    }
    last = ids.at(-1) ?? last
    if (ids.length < atOnce) return { records, next: undefined }
  }
  return { records, next: last }
}

/** Those of these deployments that are in a state, if one is wanted: most records need not be read then. */
async function inState(redis: Redis, keys: Keys, ids: number[], state: DeploymentFilter['state']) {
  if (state === undefined) return ids
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.hget(keys.record(id), 'state')
  const answers = (await pipeline.exec()) ?? []
  return ids.filter((_id, index) => answers[index]?.[1] === state)
}

/** The records of these ids, those that there are, in one round trip. */
export async function readRecords(
  redis: Redis,
  keys: Keys,
  ids: number[],
): Promise<Map<number, DeploymentRecord>> {
  const records = new Map<number, DeploymentRecord>()
  if (ids.length === 0) return records
  const pipeline = redis.pipeline()
  for (const id of ids) pipeline.hgetall(keys.record(id))
  for (const [error, hash] of (await pipeline.exec()) ?? []) {
    if (error) throw error
    const fields = hash as Record<string, string>
    if (fields.id === undefined) continue
    const record = toRecord(fields)
    records.set(record.id, record)
  }
  return records
}

function indexOf(keys: Keys, { repositoryId, environment }: DeploymentFilter): string {
  if (repositoryId === undefined) return keys.all
  return environment === undefined ? keys.ofRepository(repositoryId) : keys.ofLane(repositoryId, environment)
}

function matches(record: DeploymentRecord, { environment, state }: DeploymentFilter): boolean {
  return (
    (environment === undefined || record.environment === environment) &&
    (state === undefined || record.state === state)
  )
}
