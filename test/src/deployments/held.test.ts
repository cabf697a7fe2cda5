import t, { type Test } from 'tap'
import { openHeld } from '../../../src/deployments/held.ts'
import type { Entry } from '../../../src/deployments/lanes.ts'
import type { Deployment } from '../../../src/jobs/job.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { jobOf, openStores } from '../api/stores.ts'

const reason = 'Held back for 10 min, until 2026-01-02 12:00:00 UTC.'
const wait = [{ hold: 'wait', reason, endsAt: 1 }]

async function open(t: Test, ...deployments: (number | Partial<Deployment>)[]) {
  const stores = await openStores(t, await startReceiver(t))
  const jobs = deployments.map((each) => {
    const changes = typeof each === 'number' ? { id: each } : each
    return jobOf(changes.id ?? 0, changes)
  })
  for (const job of jobs) await stores.records.accept(job)
  return { ...stores, held: openHeld(stores.redis, stores.keys, stores.queues), jobs }
}

function fenceOf(entry: Entry): number {
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  return entry.fence
}

t.test('one that is held back says why once, and is noted', async (t) => {
  const { held, records, jobs } = await open(t, 5)
  const [job = jobOf(0)] = jobs
  for (let look = 0; look < 3; look++) t.same(await held.hold(job, 'supersede', wait), { outcome: 'held' })
  t.match(await records.statuses(5), [{ state: 'pending' }, { state: 'queued', description: reason }])
  const [note] = await held.list(42, 'production')
  t.match(note, { deployment: 5, holds: wait, since: Number, at: Number })
  await held.hold(job, 'supersede', [{ hold: 'lock', reason: 'Locked.' }, ...wait])
  t.match((await records.statuses(5)).slice(1), [{ description: reason }, { description: 'Locked.' }])
  t.match(await held.list(42, 'production'), [{ since: note?.since, holds: [{ hold: 'lock' }, {}] }])
})

t.test('a newer one that is held replaces nobody; one that begins replaces the older', async (t) => {
  const { held, lanes, records, jobs } = await open(t, 5, 6, 7)
  const [first = jobOf(0), second = jobOf(0), third = jobOf(0)] = jobs
  await held.hold(first, 'supersede', wait)
  await held.hold(third, 'supersede', wait)
  const fence = fenceOf(await lanes.enter(second, 'supersede', 'host-1'))
  t.same(await held.hold(first, 'supersede', wait), { outcome: 'held' }, 'it may still be handed back')
  await lanes.begin(second, fence)
  t.same(await held.hold(first, 'supersede', wait), { outcome: 'superseded' })
  t.match((await records.statuses(5)).at(-1), { state: 'inactive', description: 'Superseded by #6.' })
  t.same(await held.hold(first, 'supersede', wait), { outcome: 'ended' })
  t.same(await held.hold(third, 'supersede', wait), { outcome: 'held' })
  t.match(await held.list(42, 'production'), [{ deployment: 7 }])
})

t.test('in a lane that queues, each has its turn once it is ready', async (t) => {
  const { held, lanes, jobs } = await open(t, 5, 6)
  const [first = jobOf(0), second = jobOf(0)] = jobs
  await lanes.enter(first, 'queue', 'host-1').then((entry) => lanes.handBack(first, fenceOf(entry), false))
  await held.hold(first, 'queue', wait)
  const fence = fenceOf(await lanes.enter(second, 'queue', 'host-1'))
  await lanes.begin(second, fence)
  t.same(await held.hold(first, 'queue', wait), { outcome: 'held' })
  await lanes.finish(second, fence, 'success', 'Done.')
  t.match(await lanes.enter(first, 'queue', 'host-1'), { outcome: 'run' })
})

t.test('one that waited and is held then has no turn, and replaces nobody', async (t) => {
  const { held, lanes, jobs } = await open(t, 4, 5, 6)
  const [running = jobOf(0), older = jobOf(0), newer = jobOf(0)] = jobs
  const fence = fenceOf(await lanes.enter(running, 'supersede', 'host-1'))
  await lanes.begin(running, fence)
  t.match(await lanes.enter(newer, 'supersede', 'host-1'), { outcome: 'wait' })
  await held.hold(newer, 'supersede', wait)
  t.match(await lanes.enter(older, 'supersede', 'host-1'), { outcome: 'wait', place: 1 })
})

t.test('while a run of it may be alive, it is not held', async (t) => {
  const { held, lanes, records, jobs } = await open(t, 5)
  const [job = jobOf(0)] = jobs
  await lanes.enter(job, 'supersede', 'host-1')
  t.match(await held.hold(job, 'supersede', wait), { outcome: 'alive', leftMs: Number })
  t.match(await records.statuses(5), [{ state: 'pending' }])
})

t.test('news are told by another number, also to who does not sleep yet', async (t) => {
  const { held, lanes, jobs } = await open(t, 5, 6)
  const [first = jobOf(0), second = jobOf(0)] = jobs
  await held.hold(first, 'supersede', wait)
  const before = await held.news(42, 'production')
  t.same(await held.wake(42, 'production'), [], 'it has no job that sleeps')
  const woken = await held.news(42, 'production')
  t.not(woken, before)
  t.equal(await held.news(42, 'staging'), '0')
  await lanes.begin(second, fenceOf(await lanes.enter(second, 'supersede', 'host-1')))
  t.not(await held.news(42, 'production'), woken, 'that a newer one begins is news')
})

t.test('a rollback has its place right behind what it rolls back', async (t) => {
  const failed = { sha: 'f'.repeat(40) }
  const { held, lanes, jobs } = await open(t, { id: 5, ...failed }, 6, 7, { id: 8, rollbackOf: 5 })
  const [, newer = jobOf(0), newest = jobOf(0), rollback = jobOf(0)] = jobs
  await held.hold(newer, 'supersede', wait)
  let fence = fenceOf(await lanes.enter(rollback, 'supersede', 'host-1'))
  await lanes.begin(rollback, fence)
  t.same(await held.hold(newer, 'supersede', wait), { outcome: 'held' }, 'it is newer than the rollback')
  await lanes.finish(rollback, fence, 'success', 'Done.')
  fence = fenceOf(await lanes.enter(newest, 'supersede', 'host-1'))
  await lanes.begin(newest, fence)
  t.same(await held.hold(newer, 'supersede', wait), { outcome: 'superseded' })
})

t.test('a rollback that comes after something newer has begun is superseded', async (t) => {
  const { lanes, jobs } = await open(t, 5, 6, { id: 7, rollbackOf: 5 }, { id: 8, rollbackOf: 2 ** 52 }, 9)
  const [, newer = jobOf(0), rollback = jobOf(0), liar = jobOf(0), newest = jobOf(0)] = jobs
  await lanes.begin(newer, fenceOf(await lanes.enter(newer, 'supersede', 'host-1')))
  t.match(await lanes.enter(rollback, 'supersede', 'host-1'), { outcome: 'superseded', by: '6' })
  t.match(await lanes.enter(newest, 'supersede', 'host-1'), { outcome: 'wait' })
  const entry = await lanes.enter(liar, 'supersede', 'host-1')
  t.match(entry, { outcome: 'superseded', by: '9' }, 'nobody gets a place above his own by saying so')
})
