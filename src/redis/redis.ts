import { createHash } from 'node:crypto'
import { Cluster, Redis as Server } from 'ioredis'
import type { Logger } from '../log/log.ts'
import { readRedisAddress } from './address.ts'
import { clusterOptions, type Manner, type RedisTls, serverOptions } from './options.ts'
import { writeTogether } from './write-together.ts'

/** A connection to one server, to the master that Sentinels name, or to a Redis Cluster. */
export type Redis = Server | Cluster

/**
 * The receiver's connection: it fails within two seconds, so that GitHub gets its answer.
 * A command that timed out may have been executed all the same.
 */
export function connectFailingFast(url: string, log: Logger, tls?: RedisTls): Redis {
  return connect(url, log, 'fast', tls)
}

/** A worker's connection: it waits for Redis however long that takes, as BullMQ's workers must. */
export function connectPatiently(url: string, log: Logger, tls?: RedisTls): Redis {
  return connect(url, log, 'patient', tls)
}

function connect(url: string, log: Logger, manner: Manner, tls?: RedisTls): Redis {
  const redis = open(url, manner, tls)
  logOutages(redis, log)
  return redis
}

function open(url: string, manner: Manner, tls?: RedisTls): Redis {
  const address = readRedisAddress(url)
  // Of a Cluster, each node has a socket of its own, which ioredis keeps to itself.
  if (address.kind === 'cluster') return new Cluster(address.nodes, clusterOptions(address, manner, tls))
  const server = new Server(serverOptions(address, manner, tls))
  server.on('connect', () => writeTogether(server.stream))
  return server
}

/** What a second connection does otherwise than the one that it is made after. */
export interface DuplicateOptions {
  /** Whether it is given up when it is lost. */
  livesOnce?: boolean
  /** It is dead if nothing comes for so long while something is waited for. */
  silentMs?: number
}

/** A second connection to the same Redis, for commands that wait there. It waits for Redis, whatever the first does. */
export function duplicate(redis: Redis, { livesOnce = false, silentMs }: DuplicateOptions = {}): Redis {
  const ofServer = {
    commandTimeout: undefined,
    ...(silentMs === undefined ? {} : { socketTimeout: silentMs }),
  }
  const never = () => null
  const own =
    redis instanceof Cluster
      ? redis.duplicate([], {
          enableOfflineQueue: true,
          ...(livesOnce ? { clusterRetryStrategy: never } : {}),
          redisOptions: ofServer,
        })
      : redis.duplicate({
          ...ofServer,
          enableOfflineQueue: true,
          ...(livesOnce ? { retryStrategy: never } : {}),
        })
  // The connection that it is made after logs the outages of Redis.
  own.on('error', () => {})
  return own
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
