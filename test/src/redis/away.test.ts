// What the receiver does while Redis is down, hung or full, and that it is well again by itself.
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { handledPayloads, signed } from '../../fixtures/deliveries.ts'
import { type Answer, isError, type Receiver, startReceiver } from '../../fixtures/receiver.ts'
import { type OwnRedis, ownRedis } from '../../fixtures/redis.ts'

/** GitHub waits for 10 s; the contract leaves most of that to the network. */
const limitMs = 2000

const { deployment: example } = handledPayloads()

t.test('down at the start, then there', async (t) => {
  const redis = await ownRedis(t)
  await redis.kill()
  const receiver = await startOn(t, redis)
  await isUnavailable(
    t,
    receiver,
    /^The job was not queued: Redis cannot be reached\. Redeliver this later\.$/,
  )
  isError(t, await timed(t, () => receiver.get('/readyz')), 503, /^Redis cannot be used: /)
  t.equal((await timed(t, () => receiver.get('/healthz'))).status, 200)
  await redis.restart()
  await isWellAgain(t, receiver, 1)
  t.equal((await receiver.get('/readyz')).status, 200)
  t.strictSame(outages(receiver), ['Redis cannot be reached; trying again until it can', 'Redis is back'])
})

t.test('what asks for nothing is answered without Redis', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startOn(t, redis)
  await redis.kill()
  t.equal((await timed(t, () => receiver.deliver(signed('ping', {})))).status, 200)
  t.equal((await timed(t, () => receiver.deliver(signed('star', {})))).status, 200)
  const { headers, body } = signed('ping', {}, { secret: 'another' })
  isError(t, await timed(t, () => receiver.deliver({ headers, body })), 401, /signature is wrong/)
})

t.test('killed while it runs, and there again', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startOn(t, redis)
  t.equal((await deliver(receiver, 1)).status, 202)
  for (const round of [2, 3]) {
    await redis.kill()
    await isUnavailable(t, receiver, /Redis cannot be reached/)
    await isUnavailable(t, receiver, /Redis cannot be reached/)
    await redis.restart()
    await isWellAgain(t, receiver, round)
  }
  const outage = ['the connection to Redis was lost; trying again until it is back', 'Redis is back']
  t.strictSame(outages(receiver), [...outage, ...outage], 'one line when it goes and one when it is back')
})

t.test('hung: connected, but with no answer', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startOn(t, redis)
  redis.pause()
  await Promise.all([
    isUnavailable(t, receiver, /Redis (cannot be reached|does not answer)/),
    isUnavailable(t, receiver, /Redis (cannot be reached|does not answer)/),
    timed(t, () => receiver.get('/readyz')).then((answer) =>
      isError(t, answer, 503, /^Redis cannot be used: /),
    ),
    timed(t, () => receiver.get('/healthz')).then(({ status }) => t.equal(status, 200)),
  ])
  redis.resume()
  await isWellAgain(t, receiver, 1)
  t.ok(receiver.log.length < 10, 'no flood in the log')
})

t.test('full', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startOn(t, redis)
  const admin = new Redis(redis.url)
  t.teardown(() => admin.disconnect())
  await admin.config('SET', 'maxmemory', '1')
  await isUnavailable(
    t,
    receiver,
    /^The job was not queued: Redis is full \(it has reached its maxmemory\)\./,
  )
  t.strictSame(await receiver.jobIds(), [])
  await admin.config('SET', 'maxmemory', '0')
  await isWellAgain(t, receiver, 1)
})

t.test('unwritable: a replica, or one whose disk is full', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startOn(t, redis)
  const admin = new Redis(redis.url)
  t.teardown(() => admin.disconnect())
  await admin.config('SET', 'min-replicas-to-write', '1')
  await isUnavailable(t, receiver, /^The job was not queued: .*replicas.*\. Redeliver this later\.$/)
  await admin.config('SET', 'min-replicas-to-write', '0')
  await isWellAgain(t, receiver, 1)
})

function startOn(t: Test, redis: OwnRedis): Promise<Receiver> {
  return startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
}

function deliver(receiver: Receiver, deployment: number): Promise<Answer> {
  const payload = structuredClone(example)
  payload.deployment.id = deployment
  return receiver.deliver(signed('deployment', payload))
}

async function isUnavailable(t: Test, receiver: Receiver, message: RegExp): Promise<void> {
  const answer = await timed(t, () => deliver(receiver, 1000))
  isError(t, answer, 503, message)
  t.equal(answer.headers.get('retry-after'), '10')
}

/** Asserts that it is answered in time; a busy machine may be late itself, but not three times. */
async function timed<T>(t: Test, ask: () => Promise<T>, attempts = 3): Promise<T> {
  const began = performance.now()
  const answer = await ask()
  const tookMs = performance.now() - began
  if (tookMs >= limitMs && attempts > 1) return timed(t, ask, attempts - 1)
  t.ok(tookMs < limitMs, `answered within ${limitMs} ms`, { tookMs })
  return answer
}

/** Waits until a deployment that was not asked for before is queued. */
async function isWellAgain(t: Test, receiver: Receiver, deployment: number): Promise<void> {
  for (;;) {
    const { status, body } = await deliver(receiver, deployment)
    if (status === 503) {
      await sleep(20)
      continue
    }
    t.match({ status, body }, { status: 202, body: { jobs: [{ id: `deployment-${deployment}` }] } })
    return
  }
}

/** What was logged of the connection itself, without the deliveries that met its outages. */
function outages(receiver: Receiver): string[] {
  return receiver.log.map(({ msg }) => msg).filter((msg) => /^(Redis |the connection to Redis )/.test(msg))
}
