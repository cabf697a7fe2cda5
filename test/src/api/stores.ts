import { once } from 'node:events'
import { pino } from 'pino'
import type { Test } from 'tap'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openLanes } from '../../../src/deployments/lanes.ts'
import { openLogs } from '../../../src/deployments/log.ts'
import { openRecords } from '../../../src/deployments/record.ts'
import type { Deployment, ProcessDeployment } from '../../../src/jobs/job.ts'
import { closeQueues, openQueues } from '../../../src/jobs/queues.ts'
import { connectFailingFast } from '../../../src/redis/redis.ts'

/** What a worker writes to, opened on a receiver's Redis without a worker, until the test ends. */
export async function openStores(t: Test, { redisUrl, prefix }: { redisUrl: string; prefix: string }) {
  const redis = connectFailingFast(redisUrl, pino({ level: 'silent' }))
  await once(redis, 'ready')
  const queues = openQueues(redis, prefix)
  const keys = deploymentKeys(prefix)
  t.teardown(async () => {
    await closeQueues(queues)
    redis.disconnect()
  })
  return {
    redis,
    keys,
    queues,
    records: openRecords(redis, keys),
    logs: openLogs(redis, keys),
    lanes: openLanes(redis, keys, queues, 60_000),
  }
}

export const shopRepository = { id: 42, owner: 'acme', name: 'shop' }

/** The job of a deployment of acme/shop, as the receiver queues it. */
export function jobOf(id: number, changes: Partial<Deployment> = {}): ProcessDeployment {
  return {
    repository: shopRepository,
    deployment: {
      id,
      sha: id.toString(16).padStart(40, '0'),
      ref: 'main',
      task: 'deploy',
      environment: 'production',
      description: `#${id} Mend the cart`,
      creator: 'octocat',
      createdAt: '2026-01-02T03:04:05Z',
      production: true,
      transient: false,
      ...changes,
    },
    delivery: `delivery-${id}`,
  }
}

/** A payload of any event from a repository, acme/shop unless another is named. */
export function eventFrom(fullName = 'acme/shop', id = 42, more: object = {}) {
  const [, name] = fullName.split('/')
  return {
    action: 'created',
    repository: { id, name, full_name: fullName, default_branch: 'main' },
    sender: { login: 'octocat' },
    ...more,
  }
}
