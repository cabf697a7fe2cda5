import t from 'tap'
import { decideWorkers, workerLimitMs } from '../../../worker/holds/workers.ts'

t.test('a deployment is held back while nobody runs who may do it, for a day', async (t) => {
  const rules = { runsOn: ['eu', 'gpu', 'production'] }
  t.equal(decideWorkers({ acceptedAt: 5, missingSince: undefined }, rules), undefined)
  const held = decideWorkers({ acceptedAt: 5, missingSince: 3 }, rules)
  t.match(held, {
    hold: 'worker',
    reason: 'No worker that has the labels eu, gpu and production is running.',
    limit: { at: 5 + workerLimitMs, reason: /^Given up after 24 h: no worker that has the labels / },
  })
  t.equal(decideWorkers({ acceptedAt: 5, missingSince: 7 }, rules)?.limit?.at, 7 + workerLimitMs)
  const long = { runsOn: Array.from({ length: 10 }, (_, index) => `${index}`.padEnd(40, 'x')) }
  t.ok([...(decideWorkers({ acceptedAt: 5, missingSince: 7 }, long)?.limit?.reason ?? '')].length <= 140)
})
