import t from 'tap'
import { nextLookMs } from '../../../worker/holds/hold-back.ts'
import { decideWait } from '../../../worker/holds/wait.ts'

const acceptedAt = Date.parse('2026-01-02T12:00:00Z')
const minute = 60_000
const facts = { acceptedAt, isRollback: false }

t.test('a deployment is held back from when it was accepted, with the same words all the time', async (t) => {
  const rules = { waitMs: 10 * minute }
  const held = {
    hold: 'wait',
    reason: 'Held back for 10 min, until 2026-01-02 12:10:00 UTC.',
    endsAt: acceptedAt + 10 * minute,
  }
  for (const waited of [0, 1, 9 * minute, 10 * minute - 1]) {
    t.same(decideWait(facts, rules, acceptedAt + waited), held)
  }
  t.equal(decideWait(facts, rules, acceptedAt + 10 * minute), undefined)
  t.equal(decideWait(facts, { waitMs: 0 }, acceptedAt), undefined)
  t.equal(
    decideWait({ ...facts, isRollback: true }, rules, acceptedAt),
    undefined,
    'what is broken is mended',
  )
})

t.test('it is looked at again when the first hold ends or is given up, and once a minute', async (t) => {
  const hold = { hold: 'x', reason: 'x' }
  t.equal(nextLookMs([hold], 0), minute)
  t.equal(nextLookMs([hold, { ...hold, endsAt: 500 }], 100), 400)
  t.equal(nextLookMs([{ ...hold, endsAt: 500, limit: { at: 300, reason: 'y' } }], 100), 200)
  t.equal(nextLookMs([{ ...hold, endsAt: 2 * minute }], 0), minute)
  t.equal(nextLookMs([{ ...hold, endsAt: 100 }], 100), 1)
})
