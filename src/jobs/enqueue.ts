import type { RulesInForce } from '../config/rules.ts'
import { defineScript, type Redis } from '../redis/redis.ts'
import { openAsked, rememberAsked } from './asked.ts'
import type { JobRequest } from './job.ts'
import type { Queues } from './queues.ts'

/** Puts a job on its queue; `duplicate` if the very same thing is queued, running or done. */
export type Enqueue = (job: JobRequest) => Promise<'queued' | 'duplicate'>

/** Key: where it is remembered. Argument: ms since 1970. */
const remember = defineScript(`${rememberAsked}
return rememberAsked(KEYS[1], ARGV[1]) and 1 or 0
`)

/**
 * Puts jobs on their queues, each for itself.
 *
 * @param rules say which workers a deployment is for; without them, whoever takes it hands it on to those
 */
export function createEnqueue(redis: Redis, queues: Queues, prefix: string, rules?: RulesInForce): Enqueue {
  const asked = openAsked(redis, queues, prefix, rules)
  return async (request) => {
    if (await asked.has(request)) return (await asked.retryFailed(request)) ? 'queued' : 'duplicate'
    await asked.add(request)
    const key = asked.keyOf(request)
    return key === undefined || (await remember(redis, [key], [Date.now()])) === 1 ? 'queued' : 'duplicate'
  }
}
