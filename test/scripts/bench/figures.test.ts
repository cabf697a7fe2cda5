// What the benchmark makes of its figures: medians, ratios, goals, the comparison with the reference, tables.
import t from 'tap'
import { createFigures } from '../../../scripts/bench/figures.ts'
import { type Goal, judge } from '../../../scripts/bench/goals.ts'
import { compare, toReference } from '../../../scripts/bench/guard.ts'
import { inTurn } from '../../../scripts/bench/rounds.ts'
import { median, quantile, spread, summarize } from '../../../scripts/bench/statistics.ts'
import { figuresTable, toTable, toText, withSpread } from '../../../scripts/bench/table.ts'
import { goalTable, guardTable } from '../../../scripts/bench/tables.ts'

function figuresOf(values: Record<string, number[]>) {
  const figures = createFigures()
  for (const [name, each] of Object.entries(values)) for (const value of each) figures.add(name, value)
  return figures
}

t.test('the middle, the edges, and how far they are apart', async (t) => {
  t.equal(median([3, 1, 2]), 2)
  t.equal(median([4, 1, 2, 3]), 2.5)
  t.equal(
    quantile(
      Array.from({ length: 101 }, (_, index) => index),
      0.99,
    ),
    99,
  )
  t.same(summarize([3, 1, 2]), { median: 2, min: 1, max: 3, count: 3 })
  t.equal(spread([2, 1, 3]), 1)
  t.equal(spread([]), 0)
  t.ok(Number.isNaN(median([])))
})

t.test('figures are compared within their round', async (t) => {
  const figures = figuresOf({ ours: [2, 30, 4], floor: [1, 10] })
  t.same(figures.ratio('ours', 'floor'), [2, 3])
  t.same(figures.ratio('ours', 'nobody'), [])
  figures.add('absent', undefined)
  figures.add('absent', Number.NaN)
  t.same(figures.of('absent'), [])
  t.same(inTurn(['a', 'b', 'c'], 0), ['a', 'b', 'c'])
  t.same(inTurn(['a', 'b', 'c'], 1), ['c', 'b', 'a'], 'nobody always goes first')
})

t.test('a goal is reached, missed, or was not measured', async (t) => {
  const most: Goal = { what: 'cpu', limit: { most: 2 }, unit: 'x', values: (f) => f.ratio('ours', 'floor') }
  const least: Goal = { what: 'rate', limit: { least: 7 }, unit: 'x', values: (f) => f.of('rate') }
  const figures = figuresOf({ ours: [3, 4, 5], floor: [2, 2, 2], rate: [6.9] })
  const judged = judge([most, least, { ...least, values: () => [] }], figures)
  t.same(
    judged.map(({ verdict }) => verdict),
    ['ok', 'missed', 'not measured'],
  )
  const table = goalTable(judged)
  t.match(table[2], /^cpu +<= 2 x +2\.00 +1\.50-2\.50 +ok$/)
  t.match(table[3], /^rate +>= 7 x +6\.90 +MISSED$/)
})

const guarded = [{ name: 'ingest', figure: 'ours', by: 'floor' }]

t.test('a loss of more than a third is refused, one of less is not', async (t) => {
  const figures = figuresOf({ ours: [2.6, 2.6, 2.6], floor: [1, 1, 1] })
  const verdictBy = (ingest: number) => compare(figures, { ingest }, guarded)[0]?.verdict
  t.equal(verdictBy(2), 'ok')
  t.equal(verdictBy(1.9), 'worse')
  t.equal(verdictBy(4), 'ok', 'better is not worse')
  t.equal(compare(figures, {}, guarded)[0]?.verdict, 'new')
  t.same(compare(createFigures(), { ingest: 1 }, guarded), [], 'what was not measured is not judged')
  t.same(toReference(figures, guarded), { ingest: 2.6 })
  t.match(guardTable(compare(figures, { ingest: 1.3 }, guarded))[2], /^ingest +2\.60 +1\.30 +\+100 % +WORSE/)
})

t.test('a yardstick that moves tells of a busy machine', async (t) => {
  const noisy = (floor: number[]) => {
    const figures = figuresOf({ ours: floor.map((value) => value * 2), floor })
    return compare(figures, { ingest: 2 }, guarded)[0]?.noisy
  }
  t.equal(noisy([1, 1.1, 1.2]), false)
  t.equal(noisy([1, 1.1, 2]), true)
})

t.test('tables', async (t) => {
  t.same(toTable(['a', 'bb'], [['long', '1']]), ['a     bb', '--------', 'long   1'])
  t.same([1234.5, 12.34, 1.234, 0.1234, Number.NaN].map(toText), ['1,235', '12.3', '1.23', '0.123', '-'])
  t.equal(withSpread([1, 2, 3]), '2.00 (1.00-3.00)')
  t.equal(withSpread([2]), '2.00')
  t.equal(withSpread([]), '-')
  const rows = [
    { head: 'us', prefix: 'us' },
    { head: 'nobody', prefix: 'nobody' },
  ]
  const table = figuresTable('title', rows, [{ head: 'ms', figure: 'ms' }], figuresOf({ 'us.ms': [5] }))
  t.equal(table.at(-1)?.replace(/ +/g, ' '), 'us 5.00')
  t.notOk(
    table.some((line) => line.includes('nobody')),
    'what was not measured has no row',
  )
  t.same(figuresTable('title', rows, [{ head: 'ms', figure: 'ms' }], createFigures()), [])
})
