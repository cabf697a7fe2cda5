import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { openAttempts } from '../../../src/access/attempts.ts'
import { openSessions, type SessionOptions } from '../../../src/access/sessions.ts'
import { openTokens } from '../../../src/access/tokens.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { testRedis } from '../../fixtures/redis.ts'

async function store(t: Test) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  return { redis, prefix }
}

async function open(t: Test, options: Partial<SessionOptions> = {}) {
  const { redis, prefix } = await store(t)
  return { sessions: openSessions({ redis, prefix, adminToken: 'secret', ...options }), redis, prefix }
}

const mona = { kind: 'person', name: 'mona' } as const

t.test('a session is found by its id only, until it ends', async (t) => {
  const { sessions } = await open(t)
  const [one, other] = [
    await sessions.begin(mona),
    await sessions.begin({ kind: 'admin', name: 'ADMIN_TOKEN' }),
  ]
  t.strictSame(await sessions.find(one), mona)
  t.strictSame(await sessions.find(other), { kind: 'admin', name: 'ADMIN_TOKEN' })
  t.equal(await sessions.find('x'), undefined)
  await sessions.end(one)
  t.equal(await sessions.find(one), undefined)
  t.ok(await sessions.find(other))
})

t.test('one that is used goes on, one that is not ends', async (t) => {
  const { sessions, redis, prefix } = await open(t)
  const id = await sessions.begin(mona)
  const [key = ''] = await redis.keys(`${prefix}:session:*`)
  t.ok((await redis.pttl(key)) > 11 * 3_600_000)
  await redis.hincrby(key, 'usedAt', -120_000)
  await redis.pexpire(key, 60_000)
  await sessions.find(id)
  t.ok((await redis.pttl(key)) > 11 * 3_600_000, 'its half day begins anew')

  const brief = await open(t, { idleMs: 50 })
  const gone = await brief.sessions.begin(mona)
  await eventually(async () => (await brief.redis.keys(`${brief.prefix}:session:*`)).length === 0, 'its end')
  t.equal(await brief.sessions.find(gone), undefined)
})

t.test('however much it is used, it ends after a week', async (t) => {
  const { sessions, redis, prefix } = await open(t)
  const id = await sessions.begin(mona)
  const [key = ''] = await redis.keys(`${prefix}:session:*`)
  const weekMs = 7 * 24 * 3_600_000
  await redis.hincrby(key, 'usedAt', -120_000)
  await redis.hincrby(key, 'begunAt', -(weekMs - 60_000))
  t.ok(await sessions.find(id))
  t.ok((await redis.pttl(key)) <= 60_000, 'its last minute')
  await redis.hincrby(key, 'begunAt', -60_000)
  t.equal(await sessions.find(id), undefined)
  t.equal(await redis.exists(key), 0)
})

t.test('tokens: shown once, in force until they expire or are taken back', async (t) => {
  const { redis, prefix } = await store(t)
  const tokens = openTokens(redis, prefix)
  const wish = { name: 'ci', role: 'deployer', repositories: ['acme/*'], createdBy: 'mona' } as const
  const { secret, token } = await tokens.create({ ...wish, lifetimeMs: 60_000 })
  t.match(secret, /^liv_[\w-]{43}$/)
  t.equal(token.expiresAt - token.createdAt, 60_000)
  t.equal((await tokens.read(token.id))?.lastUsedAt, undefined)
  t.match(await tokens.find(secret), { id: token.id, ...wish, lastUsedAt: Number })
  t.equal(await tokens.find(`${secret}x`), undefined)
  t.equal(await tokens.find('liv_'), undefined)

  const short = await tokens.create({ ...wish, name: 'short', lifetimeMs: 1 })
  await eventually(async () => (await tokens.find(short.secret)) === undefined, 'it has expired')
  t.equal(await tokens.roleOf(short.token.id, 'acme/shop'), undefined)
  t.strictSame(
    new Set((await tokens.list()).map(({ name }) => name)),
    new Set(['ci', 'short']),
    'it is still seen',
  )

  t.match(await tokens.revoke(token.id), { name: 'ci' })
  t.equal(await tokens.find(secret), undefined)
  t.equal(await tokens.revoke(token.id), undefined)
  t.equal(await redis.hlen(`${prefix}:tokens`), 1)
  await redis.del(`${prefix}:tokens:${short.token.id}`)
  t.strictSame(await tokens.list(), [])
  t.equal(await redis.hlen(`${prefix}:tokens`), 0, 'what Redis forgot leaves nothing behind')
})

t.test('attempts are counted by address, and forgotten', async (t) => {
  const { redis, prefix } = await store(t)
  const attempts = openAttempts(redis, prefix, 'test', 2)
  t.strictSame([await attempts.count('a'), await attempts.blockedForMs('a')], [0, 0])
  t.equal(await attempts.count('a'), 0)
  t.ok((await attempts.blockedForMs('a')) > 14 * 60_000)
  t.ok((await attempts.count('a')) > 14 * 60_000)
  t.equal(await attempts.count('b'), 0)
  await attempts.forget('a')
  t.equal(await attempts.count('a'), 0)
})
