// Two receivers behind a reverse proxy are as one: whatever one is told, the other knows.
import t, { type Test } from 'tap'
import { handledPayloads, signed } from '../fixtures/deliveries.ts'
import { eventually } from '../fixtures/fleet.ts'
import { deliverTo, type ReceiverOptions, startReceiver, testAdminToken } from '../fixtures/receiver.ts'
import { testRedis } from '../fixtures/redis.ts'
import { fromAddress, startReverseProxy } from '../fixtures/reverse-proxy.ts'
import { signIn } from '../fixtures/signed-in.ts'

const authorization = `Bearer ${testAdminToken}`

async function startBoth(t: Test, options: ReceiverOptions = {}) {
  const redis = await testRedis(t)
  const both = [
    await startReceiver(t, { redis, trustProxy: 'loopback', ...options }),
    await startReceiver(t, { redis, trustProxy: 'loopback', ...options }),
  ] as const
  const proxy = await startReverseProxy(
    t,
    both.map(({ url }) => url),
  )
  return { both, proxy }
}

t.test('who has signed in at one is known at the other, and who has signed out is so at both', async (t) => {
  const { both, proxy } = await startBoth(t)
  const person = await signIn({ ...both[0], url: proxy.url })
  for (let times = 0; times < 4; times++) t.equal((await person.open('/')).status, 200)
  t.same(
    proxy.given.map((many) => many > 1),
    [true, true],
    'both were asked',
  )
  const left = await person.submit('/', {}, { action: '/sign-out' })
  t.equal(left.status, 303)
  for (let times = 0; times < 2; times++) t.match((await person.open('/')).location, /^\/sign-in/)
})

t.test('the same event at both is one job', async (t) => {
  const { both, proxy } = await startBoth(t)
  const { merged } = handledPayloads()
  const answers = []
  for (let times = 0; times < 4; times++)
    answers.push(await deliverTo(proxy.url, signed('pull_request', merged)))
  t.same(
    answers.map(({ status, body }) => [status, body.outcome]),
    [[202, 'queued'], ...Array.from({ length: 3 }, () => [200, 'duplicate'])],
  )
  t.equal((await both[0].jobIds()).length, 1)
  const at = signed('deployment', handledPayloads().deployment)
  const together = await Promise.all([deliverTo(proxy.url, at), deliverTo(proxy.url, at)])
  t.ok(together.every(({ status }) => status === 200 || status === 202))
  t.equal((await both[0].jobIds()).length, 2)
})

t.test('whoever follows one sees what happens at the other, as it happens', async (t) => {
  const { both, proxy } = await startBoth(t)
  const leaving = new AbortController()
  const followed = await Promise.all(
    [0, 1].map(async () => {
      const answer = await fetch(`${proxy.url}/api/events`, {
        headers: { authorization, accept: 'text/event-stream' },
        signal: leaving.signal,
      })
      return { answer, read: follow(answer) }
    }),
  )
  t.same(proxy.given, [1, 1])
  for (const { answer } of followed) t.match(answer.headers.get('content-type'), 'text/event-stream')
  const put = await both[0].act('PUT', '/locks', { reason: 'a move' })
  t.equal(put.status, 200, JSON.stringify(put.body))
  for (const { read } of followed) await eventually(() => /^event: lock/m.test(read()), 'the lock is seen')
  leaving.abort()
})

/** Reads an answer that has no end; gives what has come so far. */
function follow(answer: Response): () => string {
  let text = ''
  const read = async () => {
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) text += decoder.decode(chunk as Uint8Array, { stream: true })
  }
  read().catch(() => {})
  return () => text
}

t.test('what people may ask of both together is what they may ask of one', async (t) => {
  const { proxy } = await startBoth(t, { requestsPerMinute: 10 })
  const ask = async (headers: Record<string, string>) =>
    (await fetch(`${proxy.url}/api/overview`, { headers })).status
  const known = []
  for (let times = 0; times < 12; times++) known.push(await ask({ authorization }))
  t.same(known, [...Array.from({ length: 10 }, () => 200), 429, 429])

  const strangers = (from: string, forged = '') => ({
    [fromAddress]: from,
    ...(forged === '' ? {} : { 'x-forwarded-for': forged }),
  })
  for (let times = 0; times < 5; times++)
    t.equal(await ask(strangers('203.0.113.1', `198.51.100.${times}`)), 401)
  t.equal(await ask(strangers('203.0.113.1', '198.51.100.9')), 429, 'whatever address it claims to have')
  t.equal(await ask(strangers('203.0.113.2')), 401, 'others are at other addresses')
})
