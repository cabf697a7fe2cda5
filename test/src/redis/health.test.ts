import { Redis } from 'ioredis'
import t from 'tap'
import { inspectRedis, judgeRedis } from '../../../src/redis/health.ts'
import { ownRedis } from '../../fixtures/redis.ts'

const good = { redis_version: '7.0.15', aof_enabled: '1', maxmemory_policy: 'noeviction' }

const rows: [what: string, info: Record<string, string>, judged: object][] = [
  [
    'all is well',
    {},
    { version: '7.0.15', persistence: 'append-only file', maxmemoryPolicy: 'noeviction', warnings: [] },
  ],
  ['the oldest we take', { redis_version: '6.2.0' }, { version: '6.2.0', warnings: [] }],
  [
    'too old by its second number',
    { redis_version: '6.0.16' },
    { warnings: [/^Redis 6\.0\.16 is too old: install/] },
  ],
  ['too old by its first', { redis_version: '5.9.9' }, { warnings: [/^Redis 5\.9\.9 is too old: install/] }],
  ['two digits', { redis_version: '10.0.0' }, { warnings: [] }],
  [
    'Valkey, which calls itself an old Redis too',
    { redis_version: '7.2.4', valkey_version: '8.1.0' },
    { version: '8.1.0', warnings: [] },
  ],
  [
    'no append-only file',
    { aof_enabled: '0' },
    { persistence: 'snapshots only', warnings: [/no append-only file .*: set appendonly yes\.$/] },
  ],
  [
    'eviction',
    { maxmemory_policy: 'allkeys-lru' },
    {
      maxmemoryPolicy: 'allkeys-lru',
      warnings: [/throw jobs away \(allkeys-lru\): set maxmemory-policy noeviction\.$/],
    },
  ],
  [
    'everything at once',
    { redis_version: '5.0.7', aof_enabled: '0', maxmemory_policy: 'volatile-ttl' },
    { warnings: [/too old/, /append-only/, /volatile-ttl/] },
  ],
]

t.test('what Redis says of itself is judged', async (t) => {
  for (const [what, info, judged] of rows) {
    const health = judgeRedis(new Map(Object.entries({ ...good, ...info })))
    t.match(health, judged, what)
    t.equal(health.warnings.length, (judged as { warnings: unknown[] }).warnings.length, what)
  }
})

t.test('one that says nothing of itself is not trusted', async (t) => {
  const { version, warnings } = judgeRedis(new Map())
  t.equal(version, 'unknown')
  t.match(warnings, [/append-only/, /unknown/])
})

t.test('a real one is asked', async (t) => {
  const { url } = await ownRedis(t, { persistent: true })
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  t.match(await inspectRedis(redis, '{livraison}'), {
    version: /^\d+\.\d+\.\d+$/,
    persistence: 'append-only file',
    maxmemoryPolicy: 'noeviction',
    warnings: [],
  })
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
  await redis.config('SET', 'appendonly', 'no')
  t.match(await inspectRedis(redis, '{livraison}'), {
    persistence: 'snapshots only',
    warnings: [/append-only/, /allkeys-lru/],
  })
})
