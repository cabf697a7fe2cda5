import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { end } from '../../../src/deployments/lane-scripts.ts'
import { openRecords } from '../../../src/deployments/record.ts'
import type { ProcessDeployment } from '../../../src/jobs/job.ts'
import { testRedis } from '../../fixtures/redis.ts'

function job(id: number): ProcessDeployment {
  return {
    repository: { id: 7, owner: 'acme', name: 'shop' },
    deployment: {
      id,
      sha: 'f'.repeat(40),
      ref: 'main',
      task: 'deploy',
      environment: 'a:b c/é',
      description: 'Mend the cart',
      creator: 'octocat',
      createdAt: '2026-01-01T00:00:00Z',
      production: true,
      transient: false,
      deployUser: 'hubot',
      pullRequest: 5,
    },
    delivery: 'guid',
  }
}

async function open(t: Test, keptPerLane = 10) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const keys = deploymentKeys(prefix)
  const records = openRecords(redis, keys, { keptMs: 60_000, keptPerLane })
  const over = (id: number) => {
    const { environment } = job(id).deployment
    const own = [keys.record(id), keys.statuses(id)]
    const ofLane = [keys.lane(7, environment), keys.waiting(7, environment)]
    return end(redis, [...ofLane, ...own, keys.held(7, environment)], [id, 'success', 'Done.'])
  }
  return { redis, keys, records, over, prefix }
}

t.test('a deployment is written down once, and read as it was', async (t) => {
  const { records } = await open(t)
  await records.accept(job(9_007_199_254_740_000))
  await records.accept({ ...job(9_007_199_254_740_000), delivery: 'another' })
  t.match(await records.read(9_007_199_254_740_000), {
    ...job(9_007_199_254_740_000).deployment,
    repository: { id: 7, owner: 'acme', name: 'shop' },
    state: 'pending',
    tries: 0,
    delivery: 'guid',
  })
  t.match(await records.statuses(9_007_199_254_740_000), [{ state: 'pending', sent: false }])
  t.equal(await records.read(1), undefined)
})

t.test('a lane keeps its newest, and what is not over', async (t) => {
  const { records, over } = await open(t, 3)
  await records.accept(job(1))
  for (let id = 2; id <= 6; id++) {
    await records.accept(job(id))
    await over(id)
  }
  await records.accept(job(7))
  const kept = []
  for (let id = 1; id <= 7; id++) if (await records.read(id)) kept.push(id)
  t.same(kept, [1, 5, 6, 7])
})

t.test('what is over is kept for a time, with its statuses and log', async (t) => {
  const { redis, keys, records, over } = await open(t)
  await records.accept(job(1))
  await redis.xadd(keys.log(1), '*', 'text', 'a line')
  t.equal(await redis.pttl(keys.record(1)), -1)
  await over(1)
  await records.close(1)
  for (const key of [keys.record(1), keys.statuses(1), keys.log(1)]) {
    const left = await redis.pttl(key)
    t.ok(left > 50_000 && left <= 60_000, key.split(':').slice(1).join(':'))
  }
})

t.test('a record that ran out leaves no trace in the lists', async (t) => {
  const { redis, keys, records } = await open(t)
  await records.accept(job(1))
  await redis.del(keys.record(1))
  await records.accept(job(2))
  for (const key of [keys.all, keys.ofRepository(7), keys.ofLane(7, 'a:b c/é')]) {
    t.same(await redis.zrange(key, 0, '-1'), ['2'])
  }
})
