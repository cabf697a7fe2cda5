// However often and in whatever way a thing is asked for, it is one job.
import { once } from 'node:events'
import { UnrecoverableError, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { handledPayloads, signed } from '../../fixtures/deliveries.ts'
import { type Answer, type Receiver, startReceiver } from '../../fixtures/receiver.ts'

const jobId = 'deployment-145988746'

t.test('the same delivery fifty times at once is one job', async (t) => {
  const receiver = await startReceiver(t)
  const delivery = signed('pull_request', handledPayloads().merged)
  const answers = await Promise.all(Array.from({ length: 50 }, () => receiver.deliver(delivery)))
  isQueuedOnce(t, answers)
  t.strictSame(await receiver.jobIds(), ['merge-186853002-2'])
})

t.test('the same event under many GUIDs, to two receivers at once, is one job', async (t) => {
  const receiver = await startReceiver(t)
  const other = await startReceiver(t, { redis: { url: receiver.redisUrl, prefix: receiver.prefix } })
  const receivers = Array.from({ length: 25 }, () => [receiver, other]).flat()
  const answers = await Promise.all(
    receivers.map((each, i) =>
      each.deliver(signed('deployment', handledPayload(), { encoding: i % 3 ? 'json' : 'form' })),
    ),
  )
  isQueuedOnce(t, answers)
  t.strictSame(await receiver.jobIds(), [jobId])
})

t.test('deployments of their own are jobs of their own', async (t) => {
  const receiver = await startReceiver(t)
  for (const id of [1, 2]) {
    const payload = handledPayload()
    payload.deployment.id = id
    t.equal((await receiver.deliver(signed('deployment', payload))).status, 202)
  }
  t.strictSame(await receiver.jobIds(), ['deployment-1', 'deployment-2'])
})

t.test('what is done is not asked for again, even when its job is no longer kept', async (t) => {
  const receiver = await startReceiver(t)
  await redeliver(receiver)
  await work(t, receiver, async () => {})
  t.match(await redeliver(receiver), { status: 200, body: { outcome: 'duplicate' } })
  const job = await receiver.queues.deployments.getJob(jobId)
  await job?.remove()
  t.strictSame(await receiver.jobIds(), [])
  t.match(await redeliver(receiver), {
    status: 200,
    body: { outcome: 'duplicate', jobs: [{ name: 'process-deployment', id: jobId }] },
  })
  t.strictSame(await receiver.jobIds(), [])
})

t.test('what failed for good is queued again by a redelivery, once', async (t) => {
  const receiver = await startReceiver(t)
  await redeliver(receiver)
  await work(t, receiver, async () => {
    throw new UnrecoverableError('it can never work')
  })
  const { deployments } = receiver.queues
  t.equal(await (await deployments.getJob(jobId))?.getState(), 'failed')
  isQueuedOnce(t, await Promise.all(Array.from({ length: 20 }, () => redeliver(receiver))))
  t.equal(await (await deployments.getJob(jobId))?.getState(), 'waiting')
  t.match(await redeliver(receiver), { status: 200, body: { outcome: 'duplicate' } })
  t.strictSame(await receiver.jobIds(), [jobId])
})

t.test('a job of a receiver that died before it could answer is not made twice', async (t) => {
  const receiver = await startReceiver(t)
  await receiver.queues.deployments.add('process-deployment', { first: true }, { jobId })
  t.match(await redeliver(receiver), { status: 202, body: { outcome: 'queued' } })
  t.match(await redeliver(receiver), { status: 200, body: { outcome: 'duplicate' } })
  t.strictSame(await receiver.jobIds(), [jobId])
  t.match((await receiver.queues.deployments.getJob(jobId))?.data, { first: true })
})

t.test('what was asked for is remembered for as long as GitHub redelivers, and then forgotten', async (t) => {
  const receiver = await startReceiver(t)
  await redeliver(receiver)
  const redis = new Redis(receiver.redisUrl)
  t.teardown(() => redis.disconnect())
  const days = (await redis.pttl(`${receiver.prefix}:asked:${jobId}`)) / (24 * 3600 * 1000)
  t.ok(days > 7 && days < 9, `${days} days`)
})

function handledPayload() {
  return handledPayloads().deployment
}

function redeliver(receiver: Receiver): Promise<Answer> {
  return receiver.deliver(signed('deployment', handledPayload(), { delivery: 'the-same' }))
}

function isQueuedOnce(t: Test, answers: Answer[]): void {
  const outcomes = answers.map(({ status, body }) => `${status} ${body.outcome}`).sort()
  t.strictSame(outcomes, [...Array.from({ length: answers.length - 1 }, () => '200 duplicate'), '202 queued'])
}

/** Takes one job off the deployments queue and does this with it. */
async function work(t: Test, { redisUrl, prefix }: Receiver, run: () => Promise<void>): Promise<void> {
  const connection = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const worker = new Worker('deployments', run, { connection, prefix })
  t.teardown(() => connection.disconnect())
  await Promise.race([once(worker, 'completed'), once(worker, 'failed')])
  await worker.close()
}
