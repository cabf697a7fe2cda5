import t from 'tap'
import type { RecordedStatus } from '../../src/deployments/record.ts'
import { RetryLater } from '../../src/errors/errors.ts'
import type { DeploymentState, GitHubStatus } from '../../src/github/deployments.ts'
import { backoffMs } from '../../worker/backoff.ts'
import { nextLookMs } from '../../worker/holds/ci-gate.ts'
import { afterLoss } from '../../worker/lane/loss-policy.ts'
import { compareStatuses } from '../../worker/outbox/compare-statuses.ts'

t.test(
  'waits grow to five minutes, with a share of chance, and make more than a day of attempts',
  async (t) => {
    const error = new Error('no')
    t.equal(
      backoffMs(1, error, () => 0),
      125,
    )
    t.equal(
      backoffMs(1, error, () => 1),
      250,
    )
    t.equal(
      backoffMs(30, error, () => 1),
      300_000,
    )
    let total = 0
    for (let attempt = 1; attempt < 400; attempt++) total += backoffMs(attempt, error, () => 0.5)
    t.ok(total > 24 * 3600 * 1000)
  },
)

t.test('the other side’s own wait is kept, and never shortened', async (t) => {
  const error = new RetryLater('slow down', { retryAfterMs: 5000 })
  t.equal(
    backoffMs(1, error, () => 0),
    5000,
  )
  t.equal(
    backoffMs(9, error, () => 1),
    6000,
  )
})

t.test('looks at CI grow more seldom, and come no later than the limit', async (t) => {
  const looks = { firstMs: 15_000, longestMs: 300_000 }
  const hourMs = 3_600_000
  const waits: number[] = []
  for (let waited = 0; waited < hourMs; waited += waits.at(-1) ?? 0) {
    waits.push(nextLookMs(waited, hourMs - waited, looks))
  }
  t.same(waits.slice(0, 7), [15_000, 15_000, 30_000, 60_000, 120_000, 240_000, 300_000])
  t.equal(
    waits.reduce((sum, wait) => sum + wait),
    hourMs,
  )
  t.equal(nextLookMs(hourMs, 0, looks), 1)
})

t.test('a lost run is repeated three times at the most, or not at all', async (t) => {
  t.same(afterLoss('fail', 1), { run: true })
  t.match(afterLoss('fail', 2), { run: false, reason: 'The worker running it was lost.' })
  for (const tries of [1, 2, 3]) t.same(afterLoss('rerun', tries), { run: true })
  t.match(afterLoss('rerun', 4), { run: false, reason: /lost 3 times/ })
})

t.test('what GitHub has is found among what we meant to send', async (t) => {
  const ours = (...states: DeploymentState[]): RecordedStatus[] =>
    states.map((state) => ({ state, description: state, at: 0, sent: false }))
  const theirs = (...states: string[]): GitHubStatus[] =>
    states.map((state, id) => ({ id, state, description: state })).toReversed()
  const compare = (a: RecordedStatus[], b: GitHubStatus[]) => {
    const { sent, state } = compareStatuses(a, b)
    return [sent, state]
  }
  t.same(compare(ours('pending'), theirs()), [0, ''])
  t.same(compare(ours('pending', 'in_progress'), theirs('pending')), [1, ''])
  t.same(compare(ours('pending', 'in_progress'), theirs('pending', 'in_progress')), [2, ''])
  t.same(
    compare(ours('pending'), theirs('pending', 'in_progress', 'success')),
    [1, 'success'],
    'Redis forgot',
  )
  t.same(
    compare(ours('pending'), theirs('pending', 'in_progress')),
    [1, 'in_progress'],
    'a run that Redis forgot',
  )
  t.same(compare(ours('pending', 'success'), theirs('pending', 'success', 'inactive')), [2, 'inactive'])
  t.same(compare(ours('pending'), theirs('queued', 'waiting')), [0, ''], 'states that we do not know')
})
