import t from 'tap'
import type { Happening } from '../../scripts/faults/happenings.ts'
import type { Entry } from '../../scripts/faults/journal.ts'
import { readRuns, togetherMs } from '../../scripts/faults/runs.ts'

const entry = (pid: number, deployment: number, what: Entry['what'], at: number): Entry => {
  return { at, pid, run: `${pid}-1`, what, lane: '1:production', deployment }
}
const happening = (pid: number, what: Happening['what'], at: number): Happening => {
  return { at, what, who: `worker ${pid}`, pid }
}

t.test('a run ends with its last line, or with its process', async (t) => {
  const entries = [entry(1, 10, 'begin', 0), entry(1, 10, 'end', 50), entry(2, 11, 'begin', 60)]
  const [first, second] = readRuns(entries, [happening(2, 'killed', 90)])
  t.match(first, { from: 0, to: 50, ended: 'end' })
  t.match(second, { from: 60, to: 90, ended: 'lost' })
  t.match(readRuns(entries, [])[1], { ended: 'never', to: Number.POSITIVE_INFINITY })
})

t.test('a paused process does not work', async (t) => {
  const entries = [
    entry(1, 10, 'begin', 0),
    entry(2, 11, 'begin', 40),
    entry(2, 11, 'end', 80),
    entry(1, 10, 'stopped', 103),
  ]
  const paused = [happening(1, 'paused', 30), happening(1, 'resumed', 100)]
  const [first, second] = readRuns(entries, paused)
  t.ok(first && second)
  if (!first || !second) return
  t.same(first.awake, [
    { from: 0, to: 30 },
    { from: 100, to: 103 },
  ])
  t.equal(togetherMs(first, second), 0)
  const [awake] = readRuns(entries, [])
  t.equal(awake && togetherMs(awake, second), 40)
})
