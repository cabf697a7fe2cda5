import t from 'tap'
import { layOut } from '../../../src/dashboard/figures/chart.ts'
import { count, heightScale, share, unitOfDurations } from '../../../src/dashboard/figures/scale.ts'
import { viewFigures } from '../../../src/dashboard/figures/view.ts'
import { figuresOf } from '../../../src/figures/figures.ts'
import type { Outcome } from '../../../src/figures/outcome.ts'

const labels = Array.from({ length: 30 }, (_, index) => `day ${index + 1}`)

t.test('an axis begins at 0 and has round numbers with their unit', async (t) => {
  const texts = (highest: number, unit = count) =>
    heightScale(highest, unit, 200, 0).ticks.map(({ text }) => text)
  t.strictSame(texts(0), ['0', '1', '2', '3', '4'], 'with nothing to show, too')
  t.strictSame(texts(3), ['0', '1', '2', '3', '4'], 'half a deployment is none')
  t.equal(texts(97).at(-1), '100')
  t.strictSame(texts(0.2, share), ['0 %', '5 %', '10 %', '15 %', '20 %'])
  t.equal(unitOfDurations(90_000).suffix, ' s')
  t.equal(unitOfDurations(3 * 3_600_000).suffix, ' h')
  t.match(texts(5 * 86_400_000, unitOfDurations(5 * 86_400_000)), ['0 d'])
})

t.test('bars and points lie where their values are', async (t) => {
  const values = labels.map((_label, index) => (index === 0 ? 0 : index === 29 ? 10 : undefined))
  const { series, names } = layOut({ labels, series: [{ name: 'made', values }], unit: count })
  const [made] = series
  t.equal(made?.bars.length, 1, 'nothing is drawn for 0')
  t.equal(made?.points.length, 2, 'nor a point for what is not known')
  t.match(made?.path, /^M[\d.]+,194L[\d.]+,10$/, 'from the bottom to the top')
  t.equal(names.at(-1)?.text, 'day 30', 'the newest is named')
  t.ok(names.length <= 7)
})

const dayMs = 86_400_000
const now = Date.parse('2026-03-31T12:00:00Z')

function outcome(id: number, daysAgo: number, more: Partial<Outcome> = {}): Outcome {
  return {
    id,
    repositoryId: 42,
    environment: 'production',
    state: 'success',
    production: true,
    cancelled: false,
    finishedAt: now - daysAgo * dayMs,
    changedAt: now - daysAgo * dayMs - 2 * 3_600_000,
    ...more,
  }
}

t.test('the figures in words', async (t) => {
  const outcomes = [outcome(1, 20), outcome(2, 10, { state: 'failure' }), outcome(3, 9.9), outcome(4, 1)]
  const [frequency, lead, failures, restore] = viewFigures(
    figuresOf(outcomes, { from: now - 30 * dayMs, until: now }),
  )
  t.match(frequency, { value: '3 a month', detail: '3 deployments to 1 environment' })
  t.match(lead, { value: '2 h', plot: { unit: { suffix: ' h' } } })
  t.match(failures, { value: '25 %', detail: '1 of 4 changes failed', band: 'low' })
  t.match(restore, { value: '2 h 24 min' })
})

t.test('what is missing is said', async (t) => {
  const one = outcome(1, 3)
  delete one.changedAt
  const [, lead, , restore] = viewFigures(figuresOf([one], { from: now - 30 * dayMs, until: now }))
  t.equal(lead?.value, undefined)
  t.match(lead?.missing, 'it is not known when it was merged or pushed')
  t.equal(restore?.missing, 'Nothing has failed in this time.')
})
