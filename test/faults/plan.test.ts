import fc from 'fast-check'
import t from 'tap'
import { type PlanOptions, planFaults } from '../../scripts/faults/plan.ts'

const options: PlanOptions = { seed: 42, seconds: 60, workers: 4, unrecordedLosses: true }

t.test('the same seed plans the same faults, another seed others', async (t) => {
  t.strictSame(planFaults(options), planFaults(options))
  t.notSame(planFaults(options), planFaults({ ...options, seed: 43 }))
})

t.test('a plan stays within its time and strikes what is there', async (t) => {
  const isSound = (seed: number, workers: number) =>
    planFaults({ ...options, seed, workers }).every(({ atMs, fault }) => {
      const place = 'worker' in fault && fault.worker !== 'busy' ? fault.worker : 0
      return atMs > 0 && atMs < 60_000 && place >= 0 && place < workers
    })
  t.doesNotThrow(() =>
    fc.assert(fc.property(fc.integer({ min: 0 }), fc.integer({ min: 1, max: 8 }), isSound)),
  )
})

t.test('a long run meets every kind of fault, a short one none that it would have to sit out', async (t) => {
  const kinds = (seconds: number) =>
    new Set(planFaults({ ...options, seconds }).map(({ fault: { kind } }) => kind))
  t.equal(kinds(600).size, 15)
  t.notOk(kinds(60).has('GitHub hangs') || kinds(60).has('GitHub 401'))
})
