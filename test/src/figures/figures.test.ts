import fc from 'fast-check'
import t from 'tap'
import { lastDays, split, within } from '../../../src/figures/buckets.ts'
import { toEvents } from '../../../src/figures/events.ts'
import { figuresOf, isCounted, summarize } from '../../../src/figures/figures.ts'
import { type Outcome, toOutcome } from '../../../src/figures/outcome.ts'
import { median, quantile } from '../../../src/figures/statistics.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const start = Date.parse('2026-03-02T00:00:00Z') // a Monday

function outcome(id: number, at: number, changes: Partial<Outcome> = {}): Outcome {
  return {
    id,
    repositoryId: 42,
    environment: 'production',
    state: 'success',
    production: true,
    cancelled: false,
    startedAt: at - minute,
    finishedAt: at,
    ...changes,
  }
}

const week = { from: start, until: start + 7 * day }

t.test('deployments, failures, lead times and recoveries', async (t) => {
  const figures = figuresOf(
    [
      outcome(1, start + hour, { changedAt: start }),
      outcome(2, start + day, { state: 'failure', changedAt: start }),
      outcome(3, start + day + hour, { state: 'error' }),
      outcome(4, start + day + 3 * hour, { changedAt: start + day }),
      outcome(5, start + 2 * day, { state: 'error', cancelled: true }),
      outcome(6, start + 3 * day, { changedAt: start + 4 * day }),
      outcome(7, start + 3 * day + 2 * hour, { rollbackOf: 6 }),
    ],
    week,
  )
  t.match(figures.total, {
    deployments: 3,
    changes: 5,
    failed: 3,
    lead: { count: 2, median: 2 * hour, p90: 2.8 * hour },
    restore: { count: 2, median: 2.5 * hour },
  })
  t.equal(figures.step, 'day')
  t.equal(figures.lanes, 1)
  t.strictSame(
    figures.buckets.map(({ deployments, failed }) => [deployments, failed]),
    [
      [1, 0],
      [1, 2],
      [0, 0],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
  )
  t.match(figures.bands, { frequency: 'high', lead: 'elite', failureRate: 'low', restore: 'high' })
})

const nothing: [what: string, outcomes: Outcome[], total: object][] = [
  [
    'nothing at all',
    [],
    { deployments: 0, changes: 0, failed: 0, lead: { count: 0 }, restore: { count: 0 } },
  ],
  ['a rollback alone is no change', [outcome(1, start, { rollbackOf: 9 })], { deployments: 0, changes: 0 }],
  [
    'a rollback that failed still says that the change was bad',
    [outcome(1, start), outcome(2, start + hour, { rollbackOf: 1, state: 'failure' })],
    { changes: 1, failed: 1, restore: { count: 0 } },
  ],
  [
    'a rollback that was cancelled says nothing',
    [outcome(1, start), outcome(2, start + hour, { rollbackOf: 1, state: 'error', cancelled: true })],
    { changes: 1, failed: 0 },
  ],
  [
    'a rollback of another environment says nothing of this',
    [outcome(1, start), outcome(2, start + hour, { rollbackOf: 1, environment: 'other' })],
    { changes: 1, failed: 0 },
  ],
  [
    'other environments are not made good',
    [outcome(1, start, { state: 'failure' }), outcome(2, start + hour, { environment: 'other' })],
    { failed: 1, restore: { count: 0 } },
  ],
  [
    'what broke before is restored in the period',
    [outcome(1, start - day, { state: 'failure' }), outcome(2, start + hour)],
    { failed: 0, changes: 1, restore: { count: 1, median: 25 * hour } },
  ],
  [
    'what was rolled back after the period had failed in it',
    [outcome(1, start), outcome(2, start + 9 * day, { rollbackOf: 1 })],
    { failed: 1, deployments: 1, restore: { count: 0 } },
  ],
]

for (const [what, outcomes, total] of nothing) {
  t.test(what, async (t) => {
    t.match(figuresOf(outcomes, week).total, total)
  })
}

t.test('where there is nothing to measure, nothing is judged', async (t) => {
  const { bands, perDay } = figuresOf([], week)
  t.strictSame(bands, {})
  t.equal(perDay, undefined)
})

t.test('what is counted', async (t) => {
  const staging = outcome(1, start, { environment: 'staging', production: false })
  t.equal(isCounted(staging, {}), false)
  t.equal(isCounted(staging, { environment: 'staging' }), true)
  t.equal(isCounted(outcome(1, start), {}), true)
  t.equal(isCounted(outcome(1, start), { repositoryId: 42 }), true)
  t.equal(isCounted(outcome(1, start), { repositoryId: 43 }), false)
  t.equal(isCounted(outcome(1, start), { environment: 'staging' }), false)
})

t.test('a member of the sorted set is read whatever the names hold', async (t) => {
  t.strictSame(toOutcome('7|42|failure|3|5|2026-01-02T03:04:05Z|6|a|b', 9), {
    id: 7,
    repositoryId: 42,
    environment: 'a|b',
    state: 'failure',
    production: true,
    cancelled: true,
    startedAt: 5,
    finishedAt: 9,
    changedAt: Date.parse('2026-01-02T03:04:05Z'),
    rollbackOf: 6,
  })
  t.strictSame(Object.keys(toOutcome('7|42|success|0||||x', 9)).sort(), [
    'cancelled',
    'environment',
    'finishedAt',
    'id',
    'production',
    'repositoryId',
    'state',
  ])
})

t.test('medians and quantiles', async (t) => {
  t.equal(median([]), undefined)
  t.equal(median([3]), 3)
  t.equal(median([10, 2]), 6)
  t.equal(median([9, 1, 5]), 5)
  t.equal(quantile([0, 10], 0.9), 9)
  fc.assert(
    fc.property(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (list, share) => {
        const found = quantile(list, share) ?? Number.NaN
        return found >= Math.min(...list) - 1e-6 && found <= Math.max(...list) + 1e-6
      },
    ),
  )
})

t.test('days and weeks are those of UTC, weeks begin on Mondays', async (t) => {
  const now = Date.parse('2026-03-04T10:00:00Z')
  t.strictSame(lastDays(7, now), { from: Date.parse('2026-02-26T00:00:00Z'), until: now })
  t.strictSame(
    split(lastDays(7, now), 'week').map(({ from, until }) => [
      new Date(from).toISOString().slice(0, 10),
      new Date(until).toISOString().slice(0, 10),
    ]),
    [
      ['2026-02-26', '2026-03-02'],
      ['2026-03-02', '2026-03-04'],
    ],
  )
  t.equal(figuresOf([], lastDays(31, now)).buckets.length, 31)
  t.equal(figuresOf([], lastDays(32, now)).step, 'week')
})

const anyOutcomes = fc
  .array(
    fc.record({
      hours: fc.integer({ min: 0, max: 60 * 24 }),
      state: fc.constantFrom('success' as const, 'failure' as const, 'error' as const),
      environment: fc.constantFrom('production', 'other'),
      cancelled: fc.boolean(),
      rollbackOf: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
      lead: fc.option(fc.integer({ min: -100, max: 1000 }), { nil: undefined }),
    }),
    { maxLength: 60 },
  )
  .map((list) =>
    list
      .toSorted((a, b) => a.hours - b.hours)
      .map(({ hours, lead, rollbackOf, ...rest }, index) => {
        const at = start + hours * hour
        return outcome(index + 1, at, {
          ...rest,
          ...(rollbackOf === undefined ? {} : { rollbackOf }),
          ...(lead === undefined ? {} : { changedAt: at - lead * minute }),
        })
      }),
  )

t.test('a period cut in two has as many as the whole', async () => {
  fc.assert(
    fc.property(anyOutcomes, fc.integer({ min: 0, max: 60 * 24 * 60 }), (outcomes, cut) => {
      const events = toEvents(outcomes)
      const [from, until] = [start, start + 60 * day + 1]
      const middle = start + cut * minute
      const whole = summarize(events, { from, until })
      const parts = [summarize(events, { from, until: middle }), summarize(events, { from: middle, until })]
      const sum = (read: (summary: typeof whole) => number) =>
        parts.reduce((total, part) => total + read(part), 0)
      return (
        sum(({ deployments }) => deployments) === whole.deployments &&
        sum(({ changes }) => changes) === whole.changes &&
        sum(({ failed }) => failed) === whole.failed &&
        sum(({ lead }) => lead.count) === whole.lead.count &&
        sum(({ restore }) => restore.count) === whole.restore.count
      )
    }),
  )
})

t.test('buckets hold all of a period and nothing twice', async () => {
  fc.assert(
    fc.property(
      anyOutcomes,
      fc.integer({ min: 7, max: 365 }),
      fc.integer({ min: 0, max: 60 * 24 }),
      (outcomes, days, hours) => {
        const { total, buckets } = figuresOf(outcomes, lastDays(days, start + hours * hour + 1))
        return (
          buckets.reduce((sum, { changes }) => sum + changes, 0) === total.changes &&
          buckets.every(({ failed, changes, deployments }) => failed <= changes && deployments <= changes) &&
          buckets.every(({ from }, index) => index === 0 || from === buckets[index - 1]?.until)
        )
      },
    ),
  )
})

t.test('what is within a period', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.nat(20), fc.nat(20), (times, from, until) => {
      const list = times.toSorted((a, b) => a - b).map((at) => ({ at }))
      const expected = list.filter(({ at }) => at >= from && at < until)
      return JSON.stringify(within(list, { from, until })) === JSON.stringify(expected)
    }),
  )
  t.pass()
})

t.test('20,000 outcomes take less than 50 ms', async (t) => {
  const members = Array.from({ length: 20_000 }, (_, index) => {
    const at = start - (20_000 - index) * 5 * minute
    return [
      `${index}|${index % 100}|${index % 9 ? 'success' : 'failure'}|1|${at - minute}|${new Date(at - hour).toISOString()}||production`,
      at,
    ] as const
  })
  const measure = () => {
    const begun = process.cpuUsage()
    figuresOf(
      members.map(([member, at]) => toOutcome(member, at)),
      lastDays(90, start),
    )
    return process.cpuUsage(begun).user / 1000
  }
  // The best of some, and by the processor's time: what else the machine does is not measured.
  const took = Math.min(...Array.from({ length: 10 }, measure))
  t.ok(took < 50, `${took.toFixed(1)} ms`)
})
