// Deliveries through a channel: from the sandbox, or from somebody who is not GitHub, to a real receiver.
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { openTunnel } from '../../../src/tunnel/open-tunnel.ts'
import { signed, signedBody, testSecret } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { type LogLine, startReceiver } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { type Keeps, type Smee, startSmee } from '../../fixtures/smee.ts'

const pace = { againMs: 20, handOnAgainMs: Array.from({ length: 200 }, () => 50) }

/** A tunnel from a channel to a receiver, and what it logs. */
async function dig(t: Test, url: string, receiverUrl: string, more: object = {}) {
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(JSON.parse(line)) })
  const tunnel = openTunnel({ url, receiverUrl, log: logger, pace: { ...pace, ...more } })
  t.teardown(() => tunnel.close())
  const said = (words: RegExp) => eventually(() => log.find(({ msg }) => words.test(msg)), String(words))
  await said(/the tunnel is/)
  return { log, said, tunnel }
}

async function send(smee: Smee, { headers, body }: { headers: Record<string, string>; body: Buffer }) {
  await fetch(smee.channel, { method: 'POST', headers, body: new Uint8Array(body) })
}

for (const [keeps, contentType] of [
  ['nothing', 'json'],
  ['nothing', 'form'],
  ['rawbody', 'json'],
  ['bodyB', 'json'],
  ['bodyB', 'form'],
] satisfies [Keeps, 'json' | 'form'][]) {
  t.test(`what GitHub sends as ${contentType} arrives where the server keeps ${keeps} of it`, async (t) => {
    const sandbox = await startSandbox()
    t.teardown(() => sandbox.close())
    const receiver = await startReceiver(t, { githubUrl: sandbox.url })
    const smee = await startSmee(t, keeps)
    await dig(t, smee.channel, receiver.url)
    await sandbox.createRepository({ owner: 'acme', name: 'shop' })
    await sandbox.createHook('acme/shop', { url: smee.channel, secret: testSecret, contentType })
    const { number } = await sandbox.openPullRequest('acme/shop', { title: 'Größe “42” \\ ☕ </script>' })
    await sandbox.mergePullRequest('acme/shop', number)
    const id = await eventually(
      async () => (await receiver.jobIds()).find((each) => each.startsWith('merge-')),
      'the job',
    )
    t.match(id, /^merge-\d+-\d+$/)
  })
}

t.test('what is forged, or was changed on the way, is refused', async (t) => {
  const receiver = await startReceiver(t)
  const smee = await startSmee(t)
  const { log, said } = await dig(t, smee.channel, receiver.url)
  const payload = { zen: 'Anyone may write into a channel.' }
  await send(smee, signed('ping', payload, { secret: 'not ours', delivery: 'forged' }))
  // The server writes JSON anew, without the blanks over which this was signed.
  await send(smee, signedBody('ping', '{ "zen": "Blanks." }', { delivery: 'changed' }))
  await send(smee, {
    headers: { 'x-github-event': 'ping', 'content-type': 'application/json' },
    body: Buffer.from('{}'),
  })
  await send(smee, signed('ping', payload, { delivery: 'good' }))
  await said(/came through/)
  t.match(
    log.filter(({ status }) => status !== undefined),
    [
      { delivery: 'forged', status: 401, reason: /forged/ },
      { delivery: 'changed', status: 401 },
      { status: 401 },
      { delivery: 'good', status: 200 },
    ],
  )
  t.notMatch(JSON.stringify(log), /AbCdEf/, 'the address of a channel is a secret')
})

t.test('a connection that breaks, or cannot be made, is made again', async (t) => {
  const receiver = await startReceiver(t)
  const smee = await startSmee(t)
  const { log, said } = await dig(t, smee.channel, receiver.url)
  smee.cut()
  await said(/open again/)
  smee.answerWith(502)
  smee.cut()
  await eventually(() => smee.refusals() > 1, 'attempts that fail')
  smee.answerWith(200)
  await eventually(() => smee.connections() === 3, 'the third connection')
  await send(smee, signed('ping', {}))
  await said(/came through/)
  t.equal(log.filter(({ msg }) => /is broken/.test(msg)).length, 2, 'each break is told once')
})

t.test('a server that says nothing any more is left', async (t) => {
  const receiver = await startReceiver(t)
  const smee = await startSmee(t)
  const { log, said } = await dig(t, smee.channel, receiver.url, { silenceMs: 200 })
  await said(/open again/)
  t.match(
    log.find(({ msg }) => /broken/.test(msg)),
    { reason: /silent/ },
  )
})

t.test('an address that is no channel is told', async (t) => {
  const smee = await startSmee(t)
  const receiver = await startReceiver(t)
  const { log } = await dig(t, `${receiver.url}/healthz`, smee.url)
  t.match(log[0], { msg: /broken/, reason: /no channel: the answer is 200, application\/json/ })
})

t.test('what comes while the receiver cannot take it waits', async (t) => {
  const redis = await ownRedis(t)
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const receiver = await startReceiver(t, {
    redis: { url: redis.url, prefix: '{tunnel}' },
    githubUrl: sandbox.url,
  })
  const smee = await startSmee(t)
  const { said } = await dig(t, smee.channel, receiver.url)
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  await sandbox.createHook('acme/shop', {
    ...{ url: smee.channel, secret: testSecret, contentType: 'json' },
    events: ['pull_request'],
  })
  await said(/came through/)
  redis.pause()
  const { number } = await sandbox.openPullRequest('acme/shop', {})
  await sandbox.mergePullRequest('acme/shop', number)
  await said(/cannot take a delivery now/)
  redis.resume()
  const id = await eventually(
    async () => (await receiver.jobIds().catch(() => [])).find((each) => each.startsWith('merge-')),
    'the job',
    30_000,
  )
  t.ok(id)
})

t.test('a receiver that stays away is told of', async (t) => {
  const smee = await startSmee(t)
  const { said } = await dig(t, smee.channel, 'http://127.0.0.1:1', { handOnAgainMs: [10] })
  await send(smee, signed('ping', {}, { delivery: 'lost' }))
  t.match(await said(/did not take a delivery/), { delivery: 'lost' })
})
