// What comes to the routes: who signed it, when, and what it is.
import t, { type Test } from 'tap'
import { eventually } from '../../../fixtures/fleet.ts'
import { startReceiver } from '../../../fixtures/receiver.ts'
import { ownRedis } from '../../../fixtures/redis.ts'
import { testRules } from '../../../fixtures/rules.ts'
import { sendSigned, shownBy, signingSecret, startWorkspace } from '../../../fixtures/slack-workspace.ts'

const config = 'repositories: { acme/shop: { environments: { staging: { simulate: 1s } } } }'

async function start(t: Test, changes: object = {}, more: object = {}) {
  const slack = await startWorkspace(t)
  const receiver = await startReceiver(t, {
    rules: testRules(config),
    slack: { ...slack.settings, ...changes },
    ...more,
  })
  return {
    slack,
    receiver,
    commands: `${receiver.url}/slack/commands`,
    interactions: `${receiver.url}/slack/interactions`,
  }
}

t.test('only what Slack has signed just now is read', async (t) => {
  const { slack, receiver, commands, interactions } = await start(t, {
    signingSecrets: ['new', signingSecret],
  })
  const now = Math.floor(Date.now() / 1000)
  const form = slack.command('/deploy', 'help')
  const refused: [what: string, options: Parameters<typeof sendSigned>[2], message: RegExp][] = [
    ['another secret', { secret: 'wrong' }, /SLACK_SIGNING_SECRET is not the signing secret/],
    ['of six minutes ago', { at: now - 360 }, /more than five minutes old/],
    ['of six minutes to come', { at: now + 360 }, /more than five minutes old/],
    ['no signature', { headers: { 'x-slack-signature': '' } }, /signature is wrong/],
    ['an older version', { headers: { 'x-slack-signature': 'v1=00' } }, /signature is wrong/],
    [
      'another time than the signed',
      { headers: { 'x-slack-request-timestamp': `${now - 1}` } },
      /signature is wrong/,
    ],
    ['no time', { headers: { 'x-slack-request-timestamp': 'now' } }, /signature is wrong/],
  ]
  for (const url of [commands, interactions]) {
    for (const [what, options, message] of refused) {
      t.match(await sendSigned(url, form, options), { status: 401, body: { statusCode: 401, message } }, what)
    }
    const unsigned = await fetch(url, { method: 'POST', body: new URLSearchParams(form) })
    t.equal(unsigned.status, 401)
    t.match(await unsigned.json(), { message: /^There is no X-Slack-Signature/ })
  }
  for (const secret of ['new', signingSecret]) {
    t.match(await sendSigned(commands, form, { secret, at: now - 240 }), {
      status: 200,
      body: { response_type: 'ephemeral', text: /^This can be asked for:/ },
    })
  }
  t.same(slack.said, [])
  const log = JSON.stringify(receiver.log)
  t.notOk(log.includes(signingSecret) || log.includes('response/'), 'no secret is in the log')
})

t.test('help and what cannot be understood are answered at once', async (t) => {
  const { slack, commands } = await start(t)
  const help = await sendSigned(commands, slack.command('/livraison', ''))
  t.match(help.body, { response_type: 'ephemeral' })
  t.match(shownBy(help.body as never), /^This can be asked for:\n\/deploy shop: /)
  const lock = await sendSigned(commands, slack.command('/deploy', 'help unlock'))
  t.equal(shownBy(lock.body as never).split('\n').length, 2)
  const wrong = await sendSigned(commands, slack.command('/livraison', 'dance'))
  t.equal(shownBy(wrong.body as never), 'dance is not something to be done: /livraison help says what is.')
})

t.test('what Slack tries the certificate with is answered, and nothing else of it is done', async (t) => {
  const { slack, commands } = await start(t)
  const check = await fetch(commands, {
    method: 'POST',
    body: new URLSearchParams({ ssl_check: '1', token: 'x' }),
  })
  t.equal(check.status, 200)
  const form = new URLSearchParams({ ...slack.command('/lock', 'shop staging x'), ssl_check: '1' })
  t.equal((await fetch(commands, { method: 'POST', body: form })).status, 200)
  const text = new URLSearchParams(slack.command('/lock', 'shop staging x&ssl_check=1'))
  t.equal((await fetch(commands, { method: 'POST', body: text })).status, 401, 'in a text it is none')
  t.same(slack.said, [])
})

t.test('without a secret they are closed, and say what to set', async (t) => {
  const slack = await startWorkspace(t)
  const { url } = await startReceiver(t)
  for (const path of ['/slack/commands', '/slack/interactions']) {
    t.match(await sendSigned(`${url}${path}`, slack.command('/deploy', 'help')), {
      status: 403,
      body: { message: /^Slack commands are closed: set SLACK_SIGNING_SECRET/ },
    })
  }
})

t.test('what is signed and is nothing that we know is taken, and nothing comes of it', async (t) => {
  const { slack, commands, interactions } = await start(t)
  for (const body of [
    '',
    'payload=',
    'payload=%7B',
    'payload=null',
    `payload=${encodeURIComponent('{"type":"view_submission"}')}`,
    'payload=%E0%A4',
    slack.press('livraison:dance', '7:1'),
    slack.press('livraison:approve', '7;1'),
    { command: 'deploy' },
    slack.command('/deploy', '', { user_id: '<@U1>' }),
    slack.command('/deploy', 'x'.repeat(30_000)),
  ]) {
    for (const url of [commands, interactions]) {
      t.match(await sendSigned(url, body), { status: 200, text: '' }, JSON.stringify(body).slice(0, 80))
    }
  }
  t.equal((await sendSigned(commands, { text: 'x'.repeat(600 * 1024) })).status, 413)
  t.same(slack.said, [])
})

t.test('an answer goes to no address but those of Slack', async (t) => {
  const { slack, receiver, commands } = await start(t)
  const elsewhere = await startWorkspace(t)
  for (const response_url of [
    elsewhere.responseUrl(),
    'http://169.254.169.254/latest',
    `${slack.url}.evil.example/response/1`,
    `http://user@${new URL(slack.url).host}@evil.example/`,
    'file:///etc/passwd',
    'nonsense',
  ]) {
    const trigger_id = `trigger ${response_url}`
    t.equal(
      (await sendSigned(commands, slack.command('/deploy', 'status', { response_url, trigger_id }))).status,
      200,
    )
  }
  await eventually(
    () => receiver.log.filter(({ msg }) => /not of Slack/.test(msg)).length === 6,
    'all are refused',
  )
  t.same([elsewhere.asked.length, slack.said.length], [0, 0])
})

t.test('an answer that cannot be given is tried again, and then let go', async (t) => {
  const { slack, receiver, commands } = await start(t)
  const ask = async () =>
    t.equal((await sendSigned(commands, slack.command('/deploy', 'status shop'))).status, 200)
  slack.fail(
    { kind: 'answer', status: 503 },
    { kind: 'cut' },
    { kind: 'answer', status: 429, headers: { 'retry-after': '0' } },
  )
  await ask()
  t.match(shownBy(await slack.hears(1)), /^Nobody says who you are/)
  slack.fail({ kind: 'answer', status: 404 })
  await ask()
  const letGo = (tries: number) =>
    eventually(
      () => receiver.log.find((line) => /could not be given/.test(line.msg) && line.tries === tries),
      `let go after ${tries}`,
    )
  t.match(await letGo(1), { reason: 'it answered 404' })
  slack.fail(...[1, 2, 3, 4].map(() => ({ kind: 'answer', status: 500 }) as const))
  await ask()
  t.match(await letGo(4), { reason: 'it answered 500' })
  t.equal(slack.said.length, 1)
  t.notOk(JSON.stringify(receiver.log).includes('/response/'), 'the addresses are secrets')
})

t.test('while Redis is away that is said at once', async (t) => {
  const own = await ownRedis(t)
  const redis = { url: own.url, prefix: '{livraison}' }
  const { slack, commands } = await start(t, {}, { redis })
  own.pause()
  t.teardown(() => own.resume())
  const began = performance.now()
  const answer = await sendSigned(commands, slack.command('/deploy', 'status shop'))
  t.ok(performance.now() - began < 3000, 'before Slack gives up')
  t.match(answer, { status: 200, body: { response_type: 'ephemeral', text: /^Redis cannot be reached/ } })
})

t.test('whoever sends many that are not signed is told less, and Slack is still heard', async (t) => {
  const { slack, commands } = await start(t)
  const statuses = new Set<number>()
  for (let count = 0; count < 105; count++) {
    statuses.add((await sendSigned(commands, 'command=/deploy', { secret: 'guess' })).status)
  }
  t.same([...statuses], [401, 429])
  t.equal((await sendSigned(commands, slack.command('/deploy', 'help'))).status, 200)
})
