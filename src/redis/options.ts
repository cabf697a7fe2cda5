import type { ConnectionOptions } from 'node:tls'
import type { ClusterOptions, RedisOptions } from 'ioredis'
import type { RedisAddress } from './address.ts'

/** What a connection proves itself with, and whom it trusts, as PEM. */
export interface RedisTls {
  ca?: string
  cert?: string
  key?: string
}

/** Fast: it fails within two seconds. Patient: it waits for Redis however long that takes. */
export type Manner = 'fast' | 'patient'

type Options = Omit<RedisOptions, 'replyMapping'>

const fastMs = 1500
/** A node that does not answer is no reason to wait for it while others may have taken over. */
const patientConnectMs = 3000

/** Nodes change their roles without a word to those who wait for an answer: they are asked this often. */
const slotsRefreshMs = 2000

/**
 * A master that hung, and has been replaced meanwhile, answers what it was asked before it learns of that, and forgets it
 * then: nobody may listen to it any more. A connection on which nothing came for so long is dead: BullMQ's commands wait in
 * Redis for 10 s at most. One that is given up is not waited for.
 */
const hung = { socketTimeout: 12_000, disconnectTimeout: 200 }

/**
 * A server that has become a replica says READONLY, one that copies its master's data LOADING, for as long as somebody stays
 * connected to it: connecting again finds the master. Once a second at most, lest one that stays a replica is stormed.
 *
 * @see https://github.com/redis/ioredis#reconnect-on-error
 */
export function createReconnectOnError(now = Date.now): (error: Error) => false | 2 {
  let last = 0
  return (error) => {
    if (!/\b(READONLY|LOADING)\b/.test(error.message) || now() - last < 1000) return false
    last = now()
    return 2
  }
}

const retryStrategy = (times: number) => Math.min(times * 50, 1000)

/** For the one server, or the master that Sentinels name. */
export function serverOptions(
  address: Exclude<RedisAddress, { kind: 'cluster' }>,
  manner: Manner,
  tls: RedisTls = {},
): Options {
  const { kind, db, credentials, isTls, family } = address
  return {
    db,
    ...credentials,
    ...(family === undefined ? {} : { family }),
    ...(manner === 'fast' ? fast : { maxRetriesPerRequest: null }),
    retryStrategy,
    reconnectOnError: createReconnectOnError(),
    ...(isTls ? { tls: { ...tls } } : {}),
    ...(kind === 'server' ? address.node : sentinelOptions(address, manner, tls)),
  }
}

const fast = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  commandTimeout: fastMs,
  connectTimeout: fastMs,
}

/**
 * The failover detector hears from the Sentinels that the master is another one, so that nobody waits for an answer of one
 * that hangs.
 */
function sentinelOptions(
  { sentinels, name, sentinelCredentials, isTls }: Extract<RedisAddress, { kind: 'sentinel' }>,
  manner: Manner,
  tls: ConnectionOptions,
): Options {
  const { username, password } = sentinelCredentials
  return {
    sentinels,
    name,
    ...(username === undefined ? {} : { sentinelUsername: username }),
    ...(password === undefined ? {} : { sentinelPassword: password }),
    sentinelCommandTimeout: fastMs,
    connectTimeout: manner === 'fast' ? fastMs : patientConnectMs,
    failoverDetector: true,
    ...hung,
    ...(isTls ? { enableTLSForSentinelMode: true, sentinelTLS: { ...tls } } : {}),
  }
}

/**
 * For a Redis Cluster. A patient one sends a command again until it is taken: it takes a Cluster many seconds to replace a
 * master, and ioredis gives a command up after 16 tries unless it is told otherwise.
 */
export function clusterOptions(
  { credentials, isTls, family }: Extract<RedisAddress, { kind: 'cluster' }>,
  manner: Manner,
  tls: RedisTls = {},
) {
  return {
    clusterRetryStrategy: retryStrategy,
    enableOfflineQueue: manner === 'patient',
    maxRedirections: manner === 'patient' ? Number.POSITIVE_INFINITY : 10,
    retryDelayOnFailover: 100,
    retryDelayOnClusterDown: 100,
    retryDelayOnTryAgain: 100,
    retryDelayOnMoved: 10,
    // When a ready check fails, ioredis 6.0 connects anew but never settles what connect() has promised, and BullMQ's
    // workers wait for that when they have lost their connection. A Cluster that is not ready says CLUSTERDOWN all the same.
    enableReadyCheck: false,
    slotsRefreshTimeout: 1000,
    slotsRefreshInterval: slotsRefreshMs,
    // Certificates are for names: ioredis would look the address up and compare that.
    ...(isTls ? { dnsLookup: (host, done) => done(null, host) } : {}),
    redisOptions: {
      ...credentials,
      ...(family === undefined ? {} : { family }),
      ...(isTls ? { tls: { ...tls } } : {}),
      maxRetriesPerRequest: null,
      ...hung,
      connectTimeout: manner === 'fast' ? fastMs : patientConnectMs,
      ...(manner === 'fast' ? { commandTimeout: fastMs } : {}),
    },
  } satisfies ClusterOptions
}
