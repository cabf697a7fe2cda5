import { pino } from 'pino'
import { messageOf } from '../../errors/errors.ts'
import { judgeRedis, neededOfUser, type RedisHealth, readInfo } from '../../redis/health.ts'
import { connectFailingFast, firstContact, type Redis } from '../../redis/redis.ts'
import { redisTime } from '../../redis/time.ts'
import type { DoctorSettings } from '../../settings/doctor.ts'
import type { Finding } from './finding.ts'

const of = 'Redis'
const pings = 10
const slowMs = 20
const skewMs = 5000
const fullShare = 0.9

/** What of Redis is measured from here. Times are in milliseconds. */
export interface RedisFacts {
  health: RedisHealth
  roundTripMs: number
  /** How far its clock is ahead of ours. */
  aheadMs: number
  usedBytes: number
  /** 0: as much as there is. */
  maxBytes: number
}

/** Connects to Redis as a server does; undefined if it cannot be reached. */
export async function reachRedis({
  redisUrl,
  redisTls,
}: Pick<DoctorSettings, 'redisUrl' | 'redisTls'>): Promise<Redis | string> {
  const redis = connectFailingFast(redisUrl, pino({ level: 'silent' }), redisTls)
  let reason = 'nobody answers'
  redis.on('error', (error: Error) => {
    reason = error.message || reason
  })
  await firstContact(redis)
  try {
    await redis.ping()
    return redis
  } catch (error) {
    redis.disconnect()
    return /isn't writeable|Connection is closed/i.test(messageOf(error)) ? reason : messageOf(error)
  }
}

/** What to say where Redis cannot be reached. Pure. */
export function redisAway(
  settings: Pick<DoctorSettings, 'redisUrl' | 'namesRedis'>,
  reason: string,
): Finding {
  const where = withoutPassword(settings.redisUrl)
  if (settings.namesRedis) {
    const todo = wayToRedis(settings.redisUrl, reason)
    return { level: 'fail', of, text: `${where} cannot be reached: ${reason}`, todo }
  }
  const todo =
    'npm start brings its own and needs none; livraison server and livraison worker need REDIS_URL.'
  return { level: 'warn', of, text: `REDIS_URL is not set, and there is none at ${where}`, todo }
}

function wayToRedis(url: string, reason: string): string {
  if (/certificate/i.test(reason)) return 'Name the authority of its certificate in REDIS_CA_FILE.'
  if (url.startsWith('rediss:') && /ECONNRESET|EPROTO|alert/.test(reason)) {
    return 'It may want a certificate of ours: set REDIS_CERT_FILE and REDIS_KEY_FILE.'
  }
  if (/cluster|slot/i.test(reason)) {
    return 'Start it, or have its nodes announce addresses that can be reached from here (cluster-announce-ip).'
  }
  return 'Start it, or look at REDIS_URL; its password and the way to it may be wrong, too.'
}

/** What to say where Redis answers, and refuses. Pure. */
export function redisRefuses(reason: string, prefix: string): Finding {
  return {
    ...{ level: 'fail', of, text: `it refuses what is asked of it: ${reason}` },
    todo: neededOfUser(prefix),
  }
}

/** Measures a Redis from here. */
export async function measureRedis(redis: Redis, prefix: string): Promise<RedisFacts> {
  const info = await readInfo(redis, prefix)
  const trips: number[] = []
  let aheadMs = 0
  for (let count = 0; count < pings; count++) {
    const sentAt = Date.now()
    const startedAt = performance.now()
    const time = await redisTime(redis, `${prefix}:health`)
    const tookMs = performance.now() - startedAt
    // The quickest tells the clock best.
    if (trips.every((trip) => tookMs < trip)) {
      aheadMs = time - (sentAt + tookMs / 2)
    }
    trips.push(tookMs)
  }
  return {
    health: judgeRedis(info),
    roundTripMs: trips.sort((a, b) => a - b)[pings / 2] ?? 0,
    aheadMs,
    usedBytes: Number(info.get('used_memory') ?? 0),
    maxBytes: Number(info.get('maxmemory') ?? 0),
  }
}

/** What that means. Pure. */
export function redisFindings({ health, roundTripMs, aheadMs, usedBytes, maxBytes }: RedisFacts): Finding[] {
  const [warning, ...more] = health.warnings
  const kind = `version ${health.version}, ${health.persistence}, ${health.maxmemoryPolicy}`
  const clock = `Redis clock`
  const isTooOld = health.warnings.some((each) => each.includes('too old'))
  return [
    warning === undefined
      ? { level: 'ok', of, text: kind }
      : { level: isTooOld ? 'fail' : 'warn', of, text: kind, todo: [warning, ...more].join(' ') },
    latencyFinding(roundTripMs),
    Math.abs(aheadMs) < skewMs
      ? { level: 'ok', of: clock, text: `as ours, to ${Math.max(1, Math.round(Math.abs(aheadMs)))} ms` }
      : {
          ...{ level: 'warn', of: clock, text: `${aside(aheadMs)} of ours` },
          todo: 'Waits and windows go by the clock of Redis: let both machines run NTP (timedatectl set-ntp true).',
        },
    memoryFinding(usedBytes, maxBytes),
  ]
}

function latencyFinding(roundTripMs: number): Finding {
  const text = `${roundTripMs.toFixed(1)} ms there and back`
  if (roundTripMs < slowMs) return { level: 'ok', of: 'Redis latency', text }
  const todo =
    'Each webhook asks it several times before it is answered: put it nearer, or see what keeps it busy.'
  return { level: 'warn', of: 'Redis latency', text, todo }
}

function memoryFinding(usedBytes: number, maxBytes: number): Finding {
  const text = `${megabytes(usedBytes)} used of ${maxBytes === 0 ? 'what there is' : megabytes(maxBytes)}`
  if (maxBytes === 0 || usedBytes < maxBytes * fullShare) return { level: 'ok', of: 'Redis memory', text }
  const todo =
    'Give it more (maxmemory), or keep less: RECORD_DAYS, RECORDS_PER_LANE. When it is full, webhooks get 503.'
  return { level: usedBytes >= maxBytes ? 'fail' : 'warn', of: 'Redis memory', text, todo }
}

/** How far a clock is from ours, in words. Pure. */
export function aside(aheadMs: number): string {
  return `${Math.round(Math.abs(aheadMs) / 1000)} s ${aheadMs > 0 ? 'ahead' : 'behind'}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}

function withoutPassword(url: string): string {
  const read = new URL(url)
  return `${read.protocol}//${read.host}${read.pathname}`
}
