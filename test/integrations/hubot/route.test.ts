import t from 'tap'
import { signatureOf } from '../../../src/signature-of.ts'
import { shop, startFleet } from '../../fixtures/fleet.ts'
import { hubotSecret } from '../../fixtures/hubot.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'

interface Sent {
  secret?: string
  timestamp?: number | string
  headers?: Record<string, string>
}

async function post(url: string, body: unknown, { secret = hubotSecret, timestamp, headers }: Sent = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const at = String(timestamp ?? Math.floor(Date.now() / 1000))
  const response = await fetch(`${url}/hubot/commands`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-livraison-timestamp': at,
      'x-livraison-signature-256': signatureOf(secret, at, text),
      ...headers,
    },
    body: text,
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

const asked = (id: string, command: Record<string, unknown>) => ({
  ...{ id: `0123456789abcdef-${id}`, robot: 'hubot', adapter: 'slack', room: 'ops' },
  user: { id: 'U0DORA0001', name: 'dora' },
  command,
})
const status = { name: 'status', app: 'shop' }

t.test('only what is signed, now, is heard', async (t) => {
  const receiver = await startReceiver(t, { hubotSecrets: ['new', hubotSecret], rules: testRules() })
  const now = Math.floor(Date.now() / 1000)
  const send = (sent: Sent) => post(receiver.url, asked('one', status), sent)
  t.match(await send({ secret: 'wrong' }), { status: 401, body: { message: /signature is wrong/ } })
  t.match(await send({ timestamp: now - 301 }), { status: 401, body: { message: /5 minutes/ } })
  t.match(await send({ timestamp: now + 310 }), { status: 401 })
  t.match(await send({ timestamp: 'today' }), { status: 401, body: { message: /X-Livraison-Timestamp/ } })
  t.match(await send({ headers: { 'x-livraison-signature-256': 'sha256=00' } }), { status: 401 })
  t.match(await send({ headers: { 'x-livraison-timestamp': String(now - 7) } }), { status: 401 })
  t.match(await send({}), { status: 200, body: { outcome: 'refused', text: /I do not know who dora/ } })
  t.match(await send({ secret: 'new' }), { status: 200 }, 'while one is rotated, both count')
  const bare = await fetch(`${receiver.url}/hubot/commands`, { method: 'POST' })
  t.equal(bare.status, 401)
})

t.test('whoever tries out secrets is stopped, and nobody else', async (t) => {
  const receiver = await startReceiver(t, { hubotSecrets: [hubotSecret] })
  const guess = () => post(receiver.url, asked('one', status), { secret: 'wrong' })
  for (let count = 0; count < 30; count++) t.equal((await guess()).status, 401)
  const stopped = await guess()
  t.equal(stopped.status, 429)
  t.match(stopped.headers.get('retry-after'), /^\d+$/)
  t.equal((await post(receiver.url, asked('one', status))).status, 200, 'Hubot behind the same address')
})

t.test('what is no command is refused by name', async (t) => {
  const receiver = await startReceiver(t, { hubotSecrets: [hubotSecret] })
  const refused = async (body: unknown) => {
    const answer = await post(receiver.url, body)
    t.equal(answer.status, 400)
    return answer.body.message
  }
  t.match(await refused('no JSON'), /no command of Hubot's/)
  t.match(await refused({ id: 'short', room: 'ops', text: 'a notice' }), /id: must be a random id/)
  t.match(await refused(asked('one', { name: 'explode' })), /command\.name/)
  t.match(await refused(asked('one', { ...status, more: 1 })), /command/)
  t.match(await refused(asked('one', { name: 'deploy', app: 'shop', task: 'deploy:lock' })), /task: must not/)
  t.match(
    await refused(asked('one', { ...status, config: { a: 'x'.repeat(17_000) } })),
    /config: is too large/,
  )
  const large = await post(receiver.url, asked('one', { ...status, app: 'x'.repeat(70_000) }))
  t.equal(large.status, 413)
})

t.test('without HUBOT_SECRET nobody is heard', async (t) => {
  const receiver = await startReceiver(t)
  t.match(await post(receiver.url, asked('one', status)), {
    status: 403,
    body: { message: /^Hubot is not listened to: set HUBOT_SECRET to a long random text/ },
  })
})

const config = `
access: { roles: { deployer: [dora] } }
people: [{ github: dora, hubot: U0DORA0001 }]
repositories:
  acme/shop: { environments: { production: { on: manual, simulate: 20ms }, staging: { on: manual, simulate: 20ms } } }
  acme/api: { environments: { production: { on: manual, simulate: 20ms } } }
  other/api: { environments: { production: { on: manual, simulate: 20ms } } }
`

t.test('one request is done once, however often it comes', async (t) => {
  const { receiver, sandbox, merge } = await startFleet(t, { config, hubotSecrets: [hubotSecret] })
  await merge()
  const deploy = asked('deploy', { name: 'deploy', app: 'acme', ref: 'shop/main', environment: 'production' })
  const both = await Promise.all([post(receiver.url, deploy), post(receiver.url, deploy)])
  const statuses = both.map((each) => each.status).sort()
  t.strictSame(statuses, [200, 409], 'while it is being done, that is said')
  const again = await post(receiver.url, deploy)
  t.match(again.body, { outcome: 'done', text: /^Deployment #\d+ of main/, lines: [] })
  t.equal(sandbox.deployments(shop).length, 1)
})

t.test('a short name that could be two is neither', async (t) => {
  const fleet = await startFleet(t, { config, hubotSecrets: [hubotSecret], workers: 0 })
  const { sandbox, receiver, store, redis } = fleet
  await store.hset(`${redis.prefix}:repositories`, { 7001: 'acme/api', 7002: 'other/api', 7003: 'acme/shop' })
  let count = 0
  const say = async (command: Record<string, unknown>) => {
    count += 1
    return (await post(receiver.url, asked(String(count), command))).body.text
  }
  t.match(
    await say({ name: 'environments', app: 'api' }),
    /^Several repositories are called api: name one whole, as in acme\/api\.$/,
  )
  t.match(await say({ name: 'environments', app: 'other', ref: 'api' }), /^other\/api is deployed to:$/)
  t.match(await say({ name: 'environments', app: 'SHOP' }), /^acme\/shop is deployed to:$/)
  t.match(await say({ name: 'environments', repository: 'acme/api' }), /^acme\/api is deployed to:$/)
  t.match(await say({ name: 'environments', app: 'nothing' }), /^No repository is called nothing\./)
  t.match(await say({ name: 'environments' }), /^Of which app\?$/)
  fleet.rules.put(config.replace('other/api', 'shop/api').replace('acme/api', 'acme/shop-api'))
  await store.hset(`${redis.prefix}:repositories`, { 7002: 'shop/api' })
  t.match(
    await say({ name: 'environments', app: 'shop', ref: 'api' }),
    /^shop\/api may be that repository, or api of acme\/shop: write/,
  )
  t.equal(sandbox.deployments(shop).length, 0)
})
