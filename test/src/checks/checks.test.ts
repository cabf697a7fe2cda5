// The record of checks: events that come out of order, and runs that have no say any more.
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { type Checks, openChecks } from '../../../src/checks/checks.ts'
import { checkKeys } from '../../../src/checks/keys.ts'
import type { CancelChecks, Check } from '../../../src/jobs/job.ts'
import { testRedis } from '../../fixtures/redis.ts'

const repository = { id: 42, owner: 'acme', name: 'shop' }
const [first, second, third] = ['1', '2', '3'].map((digit) => digit.repeat(40)) as [string, string, string]

async function open(t: Test, keptPerLane = 1000) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const keys = checkKeys(prefix)
  return { redis, keys, checks: openChecks(redis, keys, { keptMs: 60_000, keptPerLane }) }
}

function wish(sha: string, at: number, number = 7): Check {
  const pullRequest = { number, sha, ref: 'topic', base: 'main', fork: false, author: 'octocat' }
  return { repository, pullRequest, context: 'ci/test', at, delivery: 'guid' }
}

const push = (before: string, after: string, at: number): CancelChecks => ({
  ...{ repository, pullRequest: 7, pushed: { before, after }, at, delivery: 'guid' },
})

const close = (at: number): CancelChecks => ({ repository, pullRequest: 7, at, delivery: 'guid' })

/** Wants a check as a job of this name does, and gives its id. */
async function want(checks: Checks, job: Check, jobId = `job-${job.at}`) {
  const wanted = await checks.want(job, jobId)
  if (!wanted) throw new Error('it is not wanted any more')
  return wanted.id
}

const stateOf = async (checks: Checks, id: string) => (await checks.read(id))?.state

t.test('an event that comes late cancels nothing that is newer than it', async (t) => {
  const { checks } = await open(t)
  await want(checks, wish(first, 1000))
  const newest = await want(checks, wish(third, 3000))
  await checks.cancel(push(second, third, 3000), 'Cancelled.')
  await checks.cancel(push(first, second, 2000), 'Cancelled.')
  t.equal(await stateOf(checks, newest), 'pending')
  t.equal(await checks.want(wish(second, 2000), 'late'), undefined, 'nor does what it asks for run')
  await checks.cancel(close(2500), 'Cancelled.')
  t.equal(await stateOf(checks, newest), 'pending', 'it was opened again since')
})

t.test('of two pushes within a second, each ends what it names', async (t) => {
  const { checks } = await open(t)
  const id = await want(checks, wish(first, 1000))
  const newest = await want(checks, wish(third, 1000))
  t.same(await checks.cancel(push(first, second, 1000), 'Cancelled.'), [id])
  t.equal(await stateOf(checks, newest), 'pending')
})

t.test('a head that comes back is checked again, but not for the job that asked before', async (t) => {
  const { checks } = await open(t)
  const id = await want(checks, wish(first, 1000), 'opened')
  await checks.cancel(push(first, second, 2000), 'Cancelled.')
  t.match(await checks.read(id), { state: 'error', cancelled: true, description: 'Cancelled.', run: 1 })
  t.equal(await checks.want(wish(first, 1000), 'opened'), undefined)
  t.same(await checks.want(wish(first, 3000), 'pushed again'), { id, run: 2 })
  const { cancelled, description, state } = (await checks.read(id)) ?? {}
  t.strictSame(
    { cancelled, description, state },
    { cancelled: undefined, description: undefined, state: 'pending' },
  )
})

t.test('what is over is neither cancelled nor begun again', async (t) => {
  const { checks } = await open(t)
  const id = await want(checks, wish(first, 1000))
  const begun = await checks.begin(id, 1, 'host-1')
  t.ok(begun && (await checks.end(begun, 'success', 'Passed.')))
  t.same(await checks.cancel(close(2000), 'Cancelled.'), [])
  await want(checks, wish(first, 3000), 'opened again')
  t.match(await checks.read(id), { state: 'success', description: 'Passed.', run: 1 })
  t.equal(await checks.begin(id, 1, 'host-2'), undefined)
})

t.test('a run has no say once it was cancelled, or another was begun', async (t) => {
  const { checks } = await open(t)
  const id = await want(checks, wish(first, 1000))
  const lost = await checks.begin(id, 1, 'host-1')
  const now = await checks.begin(id, 1, 'host-2')
  if (!lost || !now) throw new Error('it has not begun')
  t.notOk(await checks.goesOn(lost))
  t.notOk(await checks.end(lost, 'failure', 'Late.'))
  await checks.handBack(lost)
  t.ok(await checks.goesOn(now))
  await checks.cancel(close(2000), 'Cancelled.')
  t.notOk(await checks.goesOn(now))
  t.notOk(await checks.end(now, 'success', 'Late.'))
  t.match(await checks.read(id), { state: 'error', description: 'Cancelled.' })
})

t.test('a check that takes its workers down ends; one that is handed over does not', async (t) => {
  const { checks } = await open(t)
  const id = await want(checks, wish(first, 1000))
  for (let times = 0; times < 5; times++) {
    const begun = await checks.begin(id, 1, 'host-1')
    t.ok(begun)
    if (begun) await checks.handBack(begun)
  }
  for (let lost = 0; lost < 3; lost++) t.ok(await checks.begin(id, 1, 'host-1'))
  t.equal(await checks.begin(id, 1, 'host-1'), undefined)
  t.match(await checks.read(id), {
    state: 'error',
    description: 'The worker running it was lost 3 times: it is not tried again.',
  })
})

t.test(
  'contexts that GitHub takes for one are one check; of two pull requests, both must give it up',
  async (t) => {
    const { checks } = await open(t)
    const id = await want(checks, wish(first, 1000))
    t.equal(await want(checks, { ...wish(first, 1000, 8), context: 'CI/Test' }), id)
    t.not(await want(checks, { ...wish(first, 1000), context: 'ci/other' }), id)
    await checks.cancel(close(2000), 'Cancelled.')
    t.equal(await stateOf(checks, id), 'pending')
    await checks.cancel({ ...close(2000), pullRequest: 8 }, 'Cancelled.')
    t.equal(await stateOf(checks, id), 'error')
  },
)

t.test('what is over is kept for a time, and of one repository so many; what is open stays', async (t) => {
  const { checks, redis, keys } = await open(t, 10)
  const ids: string[] = []
  for (let number = 0; number < 15; number++) {
    const id = await want(checks, wish(number.toString(16).repeat(40), 1000 + number, number))
    ids.push(id)
    if (number === 0) continue
    await checks.settle(id, 'success', 'Passed.')
    await checks.close(id)
  }
  const kept = (await Promise.all(ids.map((id) => checks.read(id)))).map((record) => record !== undefined)
  t.equal(kept[0], true, 'the open one')
  t.ok(kept.filter(Boolean).length <= 12)
  t.equal(kept.at(-1), true)
  t.equal(await redis.pttl(keys.record(ids[0] ?? '')), -1)
  t.ok((await redis.pttl(keys.record(ids.at(-1) ?? ''))) > 0)
  t.same(await checks.open(), [ids[0]])
  for (const key of await redis.keys(`${keys.records.replace(/[{}]/g, '?')}*:wishes`)) {
    t.ok((await redis.pttl(key)) > 0, `${key} expires`)
  }
})
