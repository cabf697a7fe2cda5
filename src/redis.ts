import { createHash } from 'node:crypto'
import { Redis, type RedisOptions } from 'ioredis'
import type { Logger } from './log.ts'
import { writeTogether } from './write-together.ts'

export type { Redis } from 'ioredis'

/**
 * The receiver's connection: it fails within two seconds, so that GitHub gets its answer.
 * A command that timed out may have been executed all the same.
 */
export function connectFailingFast(url: string, log: Logger): Redis {
  return connect(url, log, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: 1500,
    connectTimeout: 1500,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  })
}

/** A worker's connection: it waits for Redis however long that takes, as BullMQ's workers must. */
export function connectPatiently(url: string, log: Logger): Redis {
  return connect(url, log, {
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(times * 50, 1000),
  })
}

function connect(url: string, log: Logger, options: Omit<RedisOptions, 'replyMapping'>): Redis {
  const redis = new Redis(url, options)
  redis.on('connect', () => writeTogether(redis.stream))
  logOutages(redis, log)
  return redis
}

/** Resolves when a new connection is ready, or has failed for the first time. */
export async function firstContact(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return
  await new Promise<void>((resolve) => {
    redis.once('ready', resolve)
    redis.once('close', resolve)
  })
}

/** One line when Redis goes away and one when it is back, however often connecting is tried between. */
function logOutages(redis: Redis, log: Logger): void {
  let away = false
  redis.on('error', (error: Error) => {
    if (!away) log.error({ reason: error.message }, 'Redis cannot be reached; trying again until it can')
    away = true
  })
  redis.on('close', () => {
    if (!away && redis.status !== 'end')
      log.error('the connection to Redis was lost; trying again until it is back')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
  redis.on('end', () => {
    away = true
  })
}

/** A Lua script, sent once and then called by its digest. */
export type Script = (redis: Redis, keys: string[], args: (string | number)[]) => Promise<unknown>

/** Prepares a Lua script; Redis runs it as one indivisible step. */
export function defineScript(lua: string): Script {
  const sha = createHash('sha1').update(lua).digest('hex')
  return async (redis, keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
