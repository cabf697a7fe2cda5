import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { sweep } from '../../../src/deployments/sweep.ts'
import { testRedis } from '../../fixtures/redis.ts'

const keptMs = 60_000
const longAgo = 1_000_000

async function open(t: Test) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const keys = deploymentKeys(prefix)
  /** Writes a deployment of a lane down as it is when it is over. */
  const deployed = async (id: number, environment: string, fields: Record<string, string | number>) => {
    await redis.hset(keys.record(id), { id, repositoryId: 7, environment, ...fields })
    await redis.xadd(keys.log(id), '*', 'text', 'a line')
    for (const index of [keys.all, keys.ofRepository(7), keys.ofLane(7, environment)]) {
      await redis.zadd(index, id, id)
    }
    await redis.sadd(keys.lanes, `7:${environment}`)
  }
  const named = new Set(['production'])
  const once = () =>
    sweep(redis, keys, { keptMs, isNamed: (_repositoryId, environment) => named.has(environment) })
  return { redis, keys, prefix, deployed, once }
}

const success = { state: 'success', finishedAt: longAgo, transient: 0 }

t.test('ids whose records have run out leave the lists', async (t) => {
  const { redis, keys, deployed, once } = await open(t)
  for (const id of [1, 2, 3]) await deployed(id, 'production', success)
  await redis.hset(keys.lane(7, 'production'), { lastSuccess: 3 })
  await redis.del(keys.record(1), keys.record(2))
  t.match(await once(), { lanes: 1, ids: 2, forgotten: [] })
  for (const index of [keys.all, keys.ofRepository(7), keys.ofLane(7, 'production')]) {
    t.strictSame(await redis.zrange(index, 0, '-1'), ['3'])
  }
  t.match(await once(), { ids: 0 }, 'to do it again changes nothing')
})

t.test('what is over and was never told to run out is told so, but what is deployed is kept', async (t) => {
  const { redis, keys, deployed, once } = await open(t)
  await deployed(1, 'production', success)
  await deployed(2, 'production', success)
  await deployed(3, 'production', { state: 'in_progress' })
  await redis.hset(keys.lane(7, 'production'), { lastSuccess: 2 })
  await once()
  t.ok((await redis.pttl(keys.record(1))) > 0)
  t.ok((await redis.pttl(keys.log(1))) > 0)
  t.equal(await redis.pttl(keys.record(2)), -1, 'it is deployed now')
  t.equal(await redis.pttl(keys.record(3)), -1, 'it is not over')
})

t.test('an environment that came and went is forgotten as a whole, others never', async (t) => {
  const { redis, keys, prefix, deployed, once } = await open(t)
  const lanes = ['production', 'review-1', 'review-2', 'review-3', 'old']
  for (const [index, environment] of lanes.entries()) {
    const transient = environment.startsWith('review') ? 1 : 0
    await deployed(index + 1, environment, { ...success, transient })
    await redis.hset(keys.lane(7, environment), { lastSuccess: index + 1, fence: 1 })
  }
  await redis.hset(keys.waiting(7, 'review-2'), { 9: 1 })
  await redis.hset(keys.record(4), { finishedAt: Date.now() })
  const { forgotten } = await once()
  t.strictSame(
    forgotten.sort(),
    ['7:old', '7:review-1'],
    'which the rules do not name, or which is transient',
  )
  t.strictSame((await redis.smembers(keys.lanes)).sort(), ['7:production', '7:review-2', '7:review-3'])
  t.strictSame(await redis.keys(`${prefix}:*review-1`), [])
  t.equal(await redis.exists(keys.record(2), keys.log(2)), 0)
  t.strictSame(await redis.zrange(keys.all, 0, '-1'), ['1', '3', '4'])
})
