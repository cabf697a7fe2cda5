import { defineScript, type Redis } from '../redis.ts'
import { openAsked, rememberAsked } from './asked.ts'
import type { JobRequest } from './job.ts'
import type { Queues } from './queues.ts'

/** Puts a job on its queue; `duplicate` if the very same thing is queued, running or done. */
export type Enqueue = (job: JobRequest) => Promise<'queued' | 'duplicate'>

/** Key: where it is remembered. Argument: ms since 1970. */
const remember = defineScript(`${rememberAsked}
return rememberAsked(KEYS[1], ARGV[1]) and 1 or 0
`)

/** Puts jobs on their queues, each for itself. */
export function createEnqueue(redis: Redis, queues: Queues, prefix: string): Enqueue {
  const asked = openAsked(redis, queues, prefix)
  return async (request) => {
    if (await asked.has(request)) return (await asked.retryFailed(request)) ? 'queued' : 'duplicate'
    await asked.add(request)
    const key = asked.keyOf(request)
    return key === undefined || (await remember(redis, [key], [Date.now()])) === 1 ? 'queued' : 'duplicate'
  }
}
