import t from 'tap'
import { eventually, startFleet } from '../fixtures/fleet.ts'

t.test('a job that only a newer version knows waits for it, for a day', async (t) => {
  const { receiver, log } = await startFleet(t)
  const { events } = receiver.queues
  await events.add('from-tomorrow', { of: 'another shape' }, { jobId: 'one' })
  const isLeft = async () => (await events.getJobState('one')) === 'delayed'
  await eventually(isLeft, 'it sleeps')
  const words = 'This version knows no job of the name from-tomorrow.'
  await eventually(() => log.some(({ msg }) => msg === `${words} It is left to a newer one.`), 'it is told')
  t.equal((await events.getJob('one'))?.attemptsMade, 0, 'that is no try')

  const longAgo = Date.now() - 25 * 3600_000
  await events.add('from-tomorrow', {}, { jobId: 'two', timestamp: longAgo })
  await eventually(async () => (await events.getJobState('two')) === 'failed', 'it is given up')
  t.equal((await events.getJob('two'))?.failedReason, words)
})
