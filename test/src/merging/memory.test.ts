// What is remembered of pull requests that are to be merged, in Redis.
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { openMergeAsks } from '../../../src/merging/asks.ts'
import { type MergeWait, openMergeWaits, waitLimitMs } from '../../../src/merging/waits.ts'
import { nextMergeLookMs } from '../../../worker/merging/wait.ts'
import { testRedis } from '../../fixtures/redis.ts'

async function open(t: Test) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  return { redis, prefix }
}

const wait = (pullRequest: number, changes: Partial<MergeWait> = {}): MergeWait => ({
  pullRequest,
  sha: 'a',
  shaSince: 0,
  reasons: ['build (queued)'],
  reasonsSince: 1000,
  since: 0,
  until: waitLimitMs,
  ...changes,
})

t.test('of two who asked, the later is remembered, in whichever order they come', async (t) => {
  const { redis, prefix } = await open(t)
  const asks = openMergeAsks(redis, prefix)
  const ask = (at: number, sha: string) => ({ how: 'label', by: 'mona', sha, base: 'main', at }) as const
  t.equal(await asks.read(1, 2), undefined)
  await asks.write(1, 2, ask(2000, 'new'))
  await asks.write(1, 2, ask(1000, 'old'))
  t.match(await asks.read(1, 2), { sha: 'new' })
  await asks.write(1, 2, ask(3000, 'newer'))
  t.match(await asks.read(1, 2), { sha: 'newer' })
  t.ok((await redis.pttl(`${prefix}:merge-ask:1:2`)) > 0, 'not for ever')
})

t.test('waits are listed by number, and those that were given up last come first', async (t) => {
  const { redis, prefix } = await open(t)
  const waits = openMergeWaits(redis, prefix)
  for (const number of [12, 3]) await waits.write(1, wait(number))
  await waits.write(2, wait(7))
  t.same(
    (await waits.list(1)).map(({ pullRequest }) => pullRequest),
    [3, 12],
  )
  await waits.remove(1, 3)
  await waits.giveUp(1, wait(12))
  for (let number = 20; number < 32; number++) await waits.giveUp(1, wait(number))
  t.same(await waits.list(1), [])
  const givenUp = (await waits.givenUp(1)).map(({ pullRequest }) => pullRequest)
  t.same([givenUp.length, givenUp[0]], [10, 31])
  for (const key of await redis.keys(`${prefix}:merge*`))
    t.ok((await redis.pttl(key)) > 0, `${key} has an end`)
})

t.test('looks come ever more seldom while the reasons stay the same, and end at the limit', async (t) => {
  const pace = { firstMs: 2000, longestMs: 1_800_000 }
  const next = (nowMs: number, late = false) => nextMergeLookMs(wait(1), late, nowMs, pace)
  t.equal(next(1000), 2000)
  t.equal(next(9000), 8000)
  t.equal(next(100_000_000), 1_800_000)
  t.equal(next(1000, true), 1_800_000)
  t.equal(next(waitLimitMs - 5), 5)
})
