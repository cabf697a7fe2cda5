import { Gauge, type Registry } from 'prom-client'
import { deploymentKeys, type Keys } from '../deployments/keys.ts'
import type { RecordedStatus } from '../deployments/record.ts'
import { deploymentJobId } from '../jobs/job-ids.ts'
import type { Queues } from '../jobs/queues.ts'
import type { Redis } from '../redis/redis.ts'

/** A deployment with statuses to be sent has a job that is not over. So many of a kind are looked at; those that are due come first. */
const mostJobs = 2000
const ofDeployment = new RegExp(`^${deploymentJobId(0).replace('0', '(\\d+)')}$`)

/** Shows how far GitHub is behind what has happened. Gives what reads that from Redis; `nowMs` is by Redis's clock. */
export function addOutboxMetrics(
  registry: Registry,
  redis: Redis,
  queues: Queues,
  prefix: string,
): (nowMs: number) => Promise<void> {
  const registers = [registry]
  const oldest = new Gauge({
    name: 'livraison_outbox_oldest_seconds',
    help: 'How long the oldest status has waited that GitHub does not have yet; 0 if it has all.',
    registers,
  })
  const statuses = new Gauge({
    name: 'livraison_outbox_statuses',
    help: 'Statuses of deployments that GitHub does not have yet.',
    registers,
  })
  const keys = deploymentKeys(prefix)
  return async (nowMs) => {
    const unsent = await readUnsent(redis, keys, await findLiving(queues))
    statuses.set(unsent.length)
    oldest.set(unsent.length === 0 ? 0 : Math.max(0, (nowMs - Math.min(...unsent)) / 1000))
  }
}

/** The deployments whose job is not over. */
async function findLiving({ deployments, pools }: Queues): Promise<string[]> {
  const types = ['active', 'waiting', 'delayed'] as const
  const found = await Promise.all(
    [deployments, ...(await pools.of('deployments'))].flatMap((queue) =>
      types.map((type) => queue.getRanges([type], 0, mostJobs - 1, true)),
    ),
  )
  return [...new Set(found.flat().flatMap((id) => ofDeployment.exec(id)?.[1] ?? []))]
}

/** When each of their statuses came about that is not sent. */
async function readUnsent(redis: Redis, keys: Keys, ids: string[]): Promise<number[]> {
  const pipeline = redis.pipeline()
  for (const id of ids) {
    pipeline.hmget(keys.record(id), 'sent', 'unreportable').lrange(keys.statuses(id), 0, -1)
  }
  const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error
    return answer as (string | null)[]
  })
  return ids.flatMap((_id, index) => {
    const [[sent, unreportable] = [], listed = []] = answers.slice(2 * index, 2 * index + 2)
    if (typeof unreportable === 'string') return []
    return listed.slice(Number(sent ?? 0)).map((json) => (JSON.parse(json ?? '') as RecordedStatus).at)
  })
}
