import { gitHubComPrefix } from './key-prefix.ts'
import type { Logger } from './log.ts'
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
export async function readInfo(redis: Redis, prefix = gitHubComPrefix): Promise<Map<string, string>> {
  return parseInfo(String(await info(redis, [`${prefix}:health`], [])))
}

/** Asks Redis about itself; throws what the connection throws when it does not answer. */
export async function inspectRedis(redis: Redis, prefix?: string): Promise<RedisHealth> {
  return judgeRedis(await readInfo(redis, prefix))
}

/** Says in the log, at each new connection, what should be changed about this Redis. */
export function warnOfRedis(redis: Redis, log: Logger): void {
  const warn = async () => {
    const health = await inspectRedis(redis).catch(() => undefined)
    for (const warning of health?.warnings ?? []) log.warn(warning)
  }
  redis.on('ready', warn)
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
