import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { openCallbacks } from '../../../../src/callbacks/callbacks.ts'
import { deploymentKeys } from '../../../../src/deployments/keys.ts'
import { openCallbackAddresses } from '../../../../worker/executors/request/callback-addresses.ts'
import { testRedis } from '../../../fixtures/redis.ts'

async function start(t: Test, { secret = 'a secret', lookMs = 60_000 } = {}) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  const callbacks = openCallbacks(redis, deploymentKeys(prefix), prefix)
  const options = { redis, callbacks, publicUrl: 'https://livraison.example', lookMs }
  const open = (of = secret) => {
    const addresses = openCallbackAddresses({ ...options, secret: of })
    t.teardown(() => addresses.close())
    return addresses
  }
  t.teardown(() => redis.disconnect())
  return { redis, prefix, callbacks, open }
}

const success = { state: 'success' as const, description: 'Done.' }
const never = new AbortController().signal

t.test('what is told wakes who waits, and is there for who comes later', async (t) => {
  const { redis, callbacks, open } = await start(t)
  const address = await open().open(7, 60_000)
  // The message needs a listener, which the connection has once Redis says so.
  while ((await redis.pubsub('NUMSUB', callbacks.channel))[1] === 0);
  const woken = address.news(never)
  t.equal(await callbacks.take(7, address.token, { log: 'One' }), 'taken')
  await woken
  t.same(await address.read(), { texts: ['One'] })
  t.same(await address.read(), { texts: [] }, 'each once')
  await callbacks.take(7, address.token, { outcome: success, log: 'Two' })
  await address.news(never)
  t.same(await address.read(), { outcome: success, texts: ['Two'] })
  t.same(await (await open().open(7, 60_000)).read(), { outcome: success, texts: [] })
  t.same(await address.end(), success)
})

t.test('every worker makes the same address of a deployment, and another of another', async (t) => {
  const { callbacks, open } = await start(t)
  const one = await open().open(7, 60_000)
  t.equal((await open().open(7, 60_000)).url, one.url)
  t.not((await open().open(8, 60_000)).token, one.token)
  const rotated = await open('another secret').open(7, 60_000)
  t.not(rotated.token, one.token)
  for (const { token } of [one, rotated])
    t.equal(await callbacks.take(7, token, {}), 'taken', 'both are good')
})

t.test('only the hash of a token is kept, and not for ever', async (t) => {
  const { redis, prefix, open } = await start(t)
  const { token } = await open().open(7, 60_000)
  const key = deploymentKeys(prefix).callback(7)
  t.notOk(JSON.stringify(await redis.hgetall(key)).includes(token))
  const left = await redis.pttl(key)
  t.ok(left > 0 && left <= 60_000)
})

t.test('texts that nobody reads are bounded; the outcome is taken all the same', async (t) => {
  const { callbacks, open } = await start(t)
  const address = await open().open(7, 60_000)
  for (let count = 0; count < 100; count++) await callbacks.take(7, address.token, { log: 'x' })
  t.equal(await callbacks.take(7, address.token, { log: 'too much' }), 'full')
  t.equal(await callbacks.take(7, address.token, { outcome: success, log: 'too much' }), 'taken')
  const { outcome, texts } = await address.read()
  t.same(outcome, success)
  t.equal(texts.length, 100)
})

t.test('what is over takes nothing any more', async (t) => {
  const { callbacks, open } = await start(t)
  const address = await open().open(7, 60_000)
  t.equal(await address.end(), undefined)
  t.equal(await callbacks.take(7, address.token, { outcome: success }), 'over')
  t.same(await address.read(), { texts: [] })
})

t.test('who waits looks from time to time, and stops at the signal', async (t) => {
  const { open } = await start(t, { lookMs: 20 })
  const address = await open().open(7, 60_000)
  await address.news(never)
  const stop = new AbortController()
  const waiting = t.rejects((await open().open(8, 60_000)).news(stop.signal), { message: 'enough' })
  stop.abort(new Error('enough'))
  await waiting
})
