// WEBHOOK_ALLOW_FROM=github: what GitHub says of its addresses is asked, kept, and waited for.
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { tokenAuth } from '../../../src/github/auth.ts'
import { createGitHub } from '../../../src/github/client.ts'
import { createPause } from '../../../src/github/pause.ts'
import { connectFailingFast, firstContact } from '../../../src/redis/redis.ts'
import { openSenders } from '../../../src/webhook/open-senders.ts'
import { createSenders } from '../../../src/webhook/senders.ts'
import { startAppClient } from '../../fixtures/app-client.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { isError, startReceiver } from '../../fixtures/receiver.ts'
import { testRedis } from '../../fixtures/redis.ts'

const silent = pino({ level: 'silent' })
const github = { github: true, ranges: ['198.51.100.7'] }

t.test('nothing is taken until GitHub has said it; then it is kept, and asked again', async (t) => {
  const { tools, answer } = await start(t)
  answer({ status: 503, body: {} })
  const senders = openSenders(github, { ...tools, againMs: 20, refreshMs: 20 })
  t.teardown(() => senders.close())
  t.match(senders.refusalOf('192.0.2.1'), { statusCode: 503, message: /not known yet/ })
  t.match(senders.refusalOf('198.51.100.7'), { statusCode: 503 })

  answer({ status: 200, body: { hooks: ['192.0.2.0/24', '2001:db8::/32'] } })
  await eventually(async () => senders.refusalOf('192.0.2.1') === undefined, 'they are known')
  t.equal(senders.refusalOf('2001:db8::1'), undefined)
  t.equal(senders.refusalOf('198.51.100.7'), undefined, 'those that were named besides')
  t.match(senders.refusalOf('203.0.113.1'), { statusCode: 403 })

  answer({ status: 200, body: { hooks: ['203.0.113.0/24'] } })
  await eventually(async () => senders.refusalOf('203.0.113.1') === undefined, 'they have changed')
  t.match(senders.refusalOf('192.0.2.1'), { statusCode: 403 })
  senders.close()

  answer({ status: 200, body: { hooks: ['everywhere'] } })
  const later = openSenders(github, { ...tools, againMs: 20 })
  t.teardown(() => later.close())
  await eventually(async () => later.refusalOf('203.0.113.1') === undefined, 'they are known from before')
  t.match(later.refusalOf('192.0.2.1'), { statusCode: 403 }, 'what is no answer changes nothing')
})

t.test('a GitHub App asks for them, too, wherever it is installed', async (t) => {
  const { github: asApp, sandbox, app, redis, prefix } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  const senders = openSenders(github, { github: asApp, redis, prefix, log: silent })
  t.teardown(() => senders.close())
  await eventually(async () => senders.refusalOf('127.0.0.1') === undefined, 'they are known')
  t.match(senders.refusalOf('203.0.113.1'), { statusCode: 403 })
})

t.test('the receiver takes webhooks from there only, and everything else from anywhere', async (t) => {
  const receiver = await startReceiver(t, { webhookSenders: createSenders(['192.0.2.0/24']) })
  isError(
    t,
    await receiver.deliver(signed('ping', {})),
    403,
    /takes no webhooks from 127\.0\.0\.1\..*TRUST_PROXY/,
  )
  t.equal((await receiver.get('/healthz')).status, 200)
  const trusting = await startReceiver(t, {
    webhookSenders: createSenders(['192.0.2.0/24']),
    trustProxy: 'loopback',
  })
  const { headers, body } = signed('ping', {})
  const through = (address: string) =>
    trusting.deliver({ headers: { ...headers, 'x-forwarded-for': address }, body })
  t.equal((await through('192.0.2.9')).status, 200)
  isError(t, await through('203.0.113.9'), 403, /from 203\.0\.113\.9/)
  isError(t, await through('192.0.2.9, 203.0.113.9'), 403, /from 203\.0\.113\.9/)
})

/** A GitHub whose /meta answers what it is told. */
async function start(t: Test) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const { url, prefix } = await testRedis(t)
  const redis = connectFailingFast(url, silent)
  t.teardown(() => redis.disconnect())
  await firstContact(redis)
  const pause = { ...createPause(redis, prefix, silent), begin: async () => {} }
  const client = createGitHub({ auth: tokenAuth(sandbox.token), apiUrl: sandbox.apiUrl, log: silent, pause })
  return {
    tools: { github: client, redis, prefix, log: silent },
    answer(answer: { status: number; body: object }) {
      sandbox.faults.clear()
      sandbox.faults.add({ operation: 'meta/get', answer })
    },
  }
}
