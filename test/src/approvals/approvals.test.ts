import t, { type Test } from 'tap'
import { openApprovals } from '../../../src/approvals/approvals.ts'
import { openHeld } from '../../../src/deployments/held.ts'
import { defaultRetention, openRecords } from '../../../src/deployments/record.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { jobOf, openStores } from '../api/stores.ts'

async function open(t: Test) {
  const receiver = await startReceiver(t)
  const stores = await openStores(t, receiver)
  const held = openHeld(stores.redis, stores.keys, stores.queues)
  return { ...stores, held, approvals: openApprovals(stores.redis, receiver.prefix, held) }
}

const said = (by: string, verdict: 'approved' | 'rejected' = 'approved') => ({
  by,
  verdict,
  comment: 'Voilà.',
  rules: 'abc',
})

t.test('what somebody says takes the place of what they said before', async (t) => {
  const { approvals, records, held } = await open(t)
  await records.accept(jobOf(5))
  t.same(await approvals.of(5), [])
  const before = await records.nowMs()
  const first = await approvals.give(5, said('Octocat'))
  t.match(first, { ...said('Octocat'), at: Number })
  t.ok(first.at >= before)
  const second = await approvals.give(5, said('mona'))
  t.same(new Set(await approvals.of(5)), new Set([first, second]))
  const changed = await approvals.give(5, said('octocat', 'rejected'))
  t.same(new Set(await approvals.of(5)), new Set([second, changed]))
  t.same(await approvals.of(6), [])
  t.equal(await held.barriers(42, 'production'), '3', 'what is about to begin looks again')
  t.equal(await held.news(42, 'production'), '3', 'and so does what is held')
})

t.test('all who approve at once are heard', async (t) => {
  const { approvals, records } = await open(t)
  await records.accept(jobOf(5))
  const people = Array.from({ length: 20 }, (_, index) => `person-${index}`)
  await Promise.all(people.map((by) => approvals.give(5, said(by))))
  t.same((await approvals.of(5)).map(({ by }) => by).sort(), people.sort())
})

t.test('they are kept as long as their deployment', async (t) => {
  const { approvals, records, redis, keys, lanes } = await open(t)
  await records.accept(jobOf(5))
  await approvals.give(5, said('octocat'))
  t.equal(await redis.pttl(keys.approvals(5)), -1)
  await lanes.end(jobOf(5), 'inactive', 'Over.')
  await records.close(5)
  t.ok((await redis.pttl(keys.approvals(5))) > 0)
  await approvals.give(5, said('mona'))
  t.ok((await redis.pttl(keys.approvals(5))) > 0, 'also what is said after its end')
  await approvals.give(99, said('mona'))
  t.ok((await redis.pttl(keys.approvals(99))) > 0, 'and of one that nobody knows')

  const few = openRecords(redis, keys, { ...defaultRetention, keptPerLane: 1 })
  await few.accept(jobOf(6))
  t.same(await approvals.of(5), [], 'forgotten with it')
})
