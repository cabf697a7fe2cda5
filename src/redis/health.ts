import { messageOf } from '../errors/errors.ts'
import type { Logger } from '../log/log.ts'
import { defineScript, type Redis } from './redis.ts'

/** What we need to know of a Redis that we trust with deployments. */
export interface RedisHealth {
  version: string
  persistence: 'append-only file' | 'snapshots only'
  maxmemoryPolicy: string
  /** What should be changed about it, in words; empty when it is as it should be. */
  warnings: string[]
}

/** What the server says of itself. Keys: any of ours, so that the node of a Redis Cluster is asked that holds them all. */
const info = defineScript(`return redis.call('INFO')`)

/** What Redis says of itself, by name; throws what the connection throws when it does not answer. */
export async function readInfo(redis: Redis, prefix: string): Promise<Map<string, string>> {
  return parseInfo(String(await info(redis, [`${prefix}:health`], [])))
}

/** Asks Redis about itself; throws what the connection throws when it does not answer. */
export async function inspectRedis(redis: Redis, prefix: string): Promise<RedisHealth> {
  return judgeRedis(await readInfo(redis, prefix))
}

/** Says in the log, at each new connection, what should be changed about this Redis, or that it lets us do nothing. */
export function warnOfRedis(redis: Redis, prefix: string, log: Logger): void {
  redis.on('ready', async () => {
    try {
      const { warnings } = await inspectRedis(redis, prefix)
      for (const warning of warnings) log.warn(warning)
    } catch (error) {
      // That it is away is said elsewhere.
      const reason = messageOf(error)
      if (isRefused(reason))
        log.error({ reason }, `Redis refuses what is asked of it. ${neededOfUser(prefix)}`)
    }
  })
}

/** Whether Redis has answered, and that its user may not do it. Pure. */
export function isRefused(reason: string): boolean {
  return /NOPERM|NOAUTH|WRONGPASS/.test(reason)
}

/** What the user that we are in Redis must be allowed, in words. Pure. */
export function neededOfUser(prefix: string): string {
  return `Its user must be allowed the keys below ${prefix}: and the channel ${prefix}:callbacks (docs/redis.md has the whole line).`
}

/** Judges what `INFO` says. Pure. */
export function judgeRedis(info: Map<string, string>): RedisHealth {
  const version = info.get('valkey_version') ?? info.get('redis_version') ?? 'unknown'
  const appendOnly = info.get('aof_enabled') === '1'
  const maxmemoryPolicy = info.get('maxmemory_policy') ?? 'unknown'
  const warnings: string[] = []
  if (isOlderThan(version, 6, 2)) warnings.push(`Redis ${version} is too old: install 6.2 or newer.`)
  if (!appendOnly) {
    warnings.push('Redis keeps no append-only file and loses jobs when it stops: set appendonly yes.')
  }
  if (maxmemoryPolicy !== 'noeviction') {
    warnings.push(`Redis may throw jobs away (${maxmemoryPolicy}): set maxmemory-policy noeviction.`)
  }
  return {
    version,
    persistence: appendOnly ? 'append-only file' : 'snapshots only',
    maxmemoryPolicy,
    warnings,
  }
}

function parseInfo(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).filter((line) => line.includes(':'))
  return new Map(pairs.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]))
}

function isOlderThan(version: string, major: number, minor: number): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a < major || (a === major && b < minor)
}
