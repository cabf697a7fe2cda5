import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { fillIn } from '../../../src/deployments/fill-in.ts'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openLanes } from '../../../src/deployments/lanes.ts'
import { openRecords } from '../../../src/deployments/record.ts'
import { step } from '../../../src/deployments/step.ts'
import { toOutcome } from '../../../src/figures/outcome.ts'
import type { Deployment } from '../../../src/jobs/job.ts'
import { closeQueues, openQueues } from '../../../src/jobs/queues.ts'
import { defineScript } from '../../../src/redis/redis.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { jobOf } from '../api/stores.ts'

async function open(t: Test, keptMs = 60_000, keptPerLane = 1000) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  const queues = openQueues(redis, prefix)
  t.teardown(async () => {
    await closeQueues(queues)
    redis.disconnect()
  })
  const keys = deploymentKeys(prefix)
  const records = openRecords(redis, keys, { keptMs, keptPerLane })
  const lanes = openLanes(redis, keys, queues, 60_000)
  const run = async (
    id: number,
    state: 'success' | 'failure' | 'error',
    changes: Partial<Deployment> = {},
  ) => {
    const job = jobOf(id, changes)
    await records.accept(job)
    const entry = await lanes.enter(job, 'queue', 'host-1')
    if (entry.outcome !== 'run') throw new Error(entry.outcome)
    await lanes.begin(job, entry.fence)
    await lanes.finish(job, entry.fence, state, 'Over.')
    await records.close(id)
  }
  const outcomes = async () => {
    const members = await redis.zrange(keys.outcomes, 0, '-1')
    return members.map((member) => toOutcome(member, 0))
  }
  return { redis, keys, records, lanes, run, outcomes }
}

const strange = 'a|b:c/é\n"'

t.test('how a deployment ended is noted with all that counts', async (t) => {
  const { records, lanes, run, outcomes, redis, keys } = await open(t)
  await run(1, 'success', { changedAt: '2026-01-02T03:04:05.000Z' })
  await run(2, 'failure', { environment: strange, production: false })
  await run(3, 'success', { rollbackOf: 1 })
  const times = { startedAt: Number, finishedAt: 0 }
  const shared = { repositoryId: 42, cancelled: false, ...times }
  t.match(await outcomes(), [
    { ...shared, id: 1, environment: 'production', state: 'success', production: true },
    { ...shared, id: 2, environment: strange, state: 'failure', production: false },
    { ...shared, id: 3, environment: 'production', state: 'success', rollbackOf: 1 },
  ])
  t.equal((await outcomes())[0]?.changedAt, Date.parse('2026-01-02T03:04:05Z'))
  t.equal(
    Number((await redis.zrange(keys.outcomes, 0, '-1', 'WITHSCORES'))[1]),
    (await records.read(1))?.finishedAt,
  )

  await records.accept(jobOf(4))
  await lanes.end(jobOf(4), 'inactive', 'Superseded by #5.')
  await records.accept(jobOf(5))
  await lanes.end(jobOf(5), 'error', 'Given up.')
  t.equal((await outcomes()).length, 3, 'what never began has changed nothing')
})

t.test('what somebody cancelled is noted as such', async (t) => {
  const { redis, keys, records, lanes, outcomes } = await open(t)
  const job = jobOf(1)
  await records.accept(job)
  const entry = await lanes.enter(job, 'queue', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await redis.hset(keys.record(1), 'cancelledBy', 'octocat')
  await lanes.finish(job, entry.fence, 'error', 'Cancelled by octocat while it ran.')
  t.match(await outcomes(), [{ id: 1, state: 'error', cancelled: true }])
})

const cancelled = defineScript(`${step}
noteCancelled(KEYS[1], ARGV[1])
return 1
`)

t.test('who cancelled it may be noted after its end: it is counted once, as cancelled', async (t) => {
  const { redis, keys, run, outcomes, records } = await open(t)
  await run(1, 'error')
  t.match(await outcomes(), [{ id: 1, cancelled: false }])
  await cancelled(redis, [keys.record(1)], ['octocat'])
  t.match(await outcomes(), [{ id: 1, state: 'error', production: true, cancelled: true }])
  t.equal((await outcomes()).length, 1)
  t.equal((await records.read(1))?.cancelledBy, 'octocat')

  await records.accept(jobOf(2))
  await cancelled(redis, [keys.record(2)], ['octocat'])
  t.equal((await outcomes()).length, 1, 'what is not over has no outcome yet')
})

t.test('lanes are known by all that was ever accepted', async (t) => {
  const { records, redis, keys } = await open(t)
  await records.accept(jobOf(1))
  await records.accept(jobOf(2))
  await records.accept(jobOf(3, { environment: strange }))
  t.same((await redis.smembers(keys.lanes)).sort(), [`42:${strange}`, '42:production'].sort())
})

t.test('what older versions did not note is filled in, as often as one likes', async (t) => {
  const { run, redis, keys, outcomes } = await open(t)
  for (let id = 1; id <= 250; id++) await run(id, id % 3 === 0 ? 'failure' : 'success')
  await run(251, 'success', { environment: strange })
  const before = await outcomes()
  const scores = await redis.zrange(keys.outcomes, 0, '-1', 'WITHSCORES')
  await redis.del(keys.lanes, keys.outcomes)
  await redis.del(keys.record(7))
  await fillIn(redis, keys)
  t.strictSame(
    (await outcomes()).map(({ id }) => id),
    before.map(({ id }) => id).filter((id) => id !== 7),
  )
  t.equal(await redis.scard(keys.lanes), 2)
  await fillIn(redis, keys)
  t.equal((await redis.zrange(keys.outcomes, 0, '-1', 'WITHSCORES')).length, scores.length - 2)
  const gone = new AbortController()
  gone.abort()
  await fillIn(redis, keys, gone.signal)
})

t.test('outcomes are forgotten as records are', async (t) => {
  const { run, redis, keys } = await open(t, 60_000)
  await redis.zadd(
    keys.outcomes,
    Date.now() - 61_000,
    '900|42|success|1|||production',
    Date.now(),
    '901|42|success|1|||production',
  )
  await run(1, 'success')
  t.same((await redis.zrange(keys.outcomes, 0, '-1')).map((member) => member.split('|')[0]).sort(), [
    '1',
    '901',
  ])
})

t.test('what is deployed now is kept until something else is, however long that takes', async (t) => {
  const { run, redis, keys, records } = await open(t)
  const left = (id: number) => redis.pttl(keys.record(id))
  await run(1, 'success')
  t.equal(await left(1), -1)
  await run(2, 'failure')
  t.ok((await left(2)) > 0)
  t.equal(await left(1), -1)
  await run(3, 'success')
  t.equal(await left(3), -1)
  for (const key of [keys.record(1), keys.statuses(1)]) t.ok((await redis.pttl(key)) > 0)
  await records.close(99)
  t.pass('a record that is gone is no trouble')
})

t.test('not even a lane with too many forgets what is deployed now', async (t) => {
  const { run, records } = await open(t, 60_000, 3)
  await run(1, 'success')
  for (let id = 2; id <= 8; id++) await run(id, 'failure')
  t.equal((await records.read(1))?.state, 'success')
  t.equal(await records.read(2), undefined)
})
