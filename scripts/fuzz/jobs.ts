import { once } from 'node:events'
import { pino } from 'pino'
import { allQueues, closeQueues, openQueues } from '../../src/jobs/queues.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectFailingFast } from '../../src/redis/redis.ts'
import { wasSigned } from './guid.ts'
import { nowhere } from './receiver-process.ts'

export interface JobCount {
  queued: number
  /** Those that no signed delivery asked for, by their ids. */
  stray: string[]
}

/** Looks through all jobs that were queued for one that was asked for by nobody who may. */
export async function findStrayJobs(redisUrl: string): Promise<JobCount> {
  const redis = connectFailingFast(redisUrl, pino({ level: 'silent' }))
  if (redis.status !== 'ready') await once(redis, 'ready')
  const queues = openQueues(redis, keyPrefixOf(nowhere))
  try {
    const all = await Promise.all((await allQueues(queues)).map((queue) => queue.getJobs()))
    const jobs = all.flat()
    const stray = jobs.filter(({ data }) => !('delivery' in data) || !wasSigned(data.delivery))
    return { queued: jobs.length, stray: stray.map(({ name, id }) => `${name} ${id}`) }
  } finally {
    await closeQueues(queues)
    redis.disconnect()
  }
}
