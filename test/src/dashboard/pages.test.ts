// The pages for people in charge, over HTTP: locks, freezes, queue, audit trail, tokens, figures.
import { Redis } from 'ioredis'
import t from 'tap'
import { openChannelBook } from '../../../src/notices/channel-book.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'
import { signIn } from '../../fixtures/signed-in.ts'
import { makeToken, tokensOf } from '../../fixtures/tokens.ts'
import { eventFrom } from '../api/stores.ts'

const config = `
repositories:
  acme/shop:
    environments:
      production:
        simulate: 1s
        windows: [{ days: mon-fri, from: "09:00", to: "16:00", zone: Europe/Paris }]
`

t.test('locks and freezes', async (t) => {
  const receiver = await startReceiver(t, { rules: testRules(config) })
  await receiver.deliver(signed('star', eventFrom()))
  const person = await signIn(receiver)
  const form = '/locks/lock?repository=acme/shop&environment=production'

  t.match((await person.open(form)).text, 'On production of acme/shop nothing more begins')
  t.equal((await person.submit(form, { reason: '  ' })).status, 422, 'a reason is needed')
  t.equal(
    (await person.submit(form, { reason: 'Migration', expires: '1h', kind: 'soft' })).location,
    '/locks',
  )
  const page = (await person.open('/locks')).text
  t.match(page, 'production of acme/shop is locked.')
  t.match(page, 'Migration')
  t.match(page, 'mon-fri 09:00 to 16:00 (Europe/Paris)')
  const address = /href="(\/locks\/unlock\?[^"]+)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? ''

  t.match(
    (await person.open(address)).text,
    'Your lock on production of acme/shop (“Migration”) is released.',
  )
  t.equal((await person.submit(address)).location, '/locks')
  t.match((await person.open('/locks')).text, 'production of acme/shop is unlocked.')

  const freeze = '/locks/freeze'
  const times = { from: '2099-12-24T18:00', until: '2099-12-27T08:00' }
  const wrong = await person.submit(freeze, { ...times, zone: 'Mars', reason: 'Holidays' })
  t.equal(wrong.status, 422)
  t.match(wrong.text, 'Mars is no time zone')
  t.match(wrong.text, 'value="2099-12-24T18:00"', 'what was typed is still there')
  await person.submit(freeze, { ...times, zone: 'Europe/Paris', reason: 'Holidays' })
  const frozen = (await person.open('/locks')).text
  t.match(frozen, 'datetime="2099-12-24T17:00:00.000Z"', 'by the clock of Paris')
  const thaw = /href="(\/locks\/thaw\?id=[^"]+)"/.exec(frozen)?.[1] ?? ''
  t.match((await person.open(thaw)).text, 'The freeze of everything')
  await person.submit(thaw)
  t.match((await person.open('/locks')).text, 'Nobody has declared a freeze.')
})

t.test('the page of the queue says who cannot be told', async (t) => {
  const receiver = await startReceiver(t)
  const person = await signIn(receiver)
  t.notMatch((await person.open('/queue')).text, 'Who is told')
  const redis = new Redis(receiver.redisUrl)
  t.teardown(() => redis.disconnect())
  const channels = openChannelBook(redis, receiver.prefix)
  const names = [
    { id: 'a', kind: 'slack', name: 'slack (acme/shop)', repository: 'acme/shop' },
    { id: 'b', kind: 'discord', name: 'discord (everything)', repository: undefined },
  ] as const
  await channels.seen(names)
  await channels.broken('a', 'it answered <404>', true)
  await channels.begin('b', 'n-1')
  await channels.works('b', 'n-1')
  const { text } = await person.open('/queue')
  t.match(text, /Who is told/)
  t.match(text, /slack \(acme\/shop\).*broken.*it answered &lt;404(>|&gt;)/s)
  t.match(text, /discord \(everything\).*works/s)
})

t.test('the raw queue is for admins only, its files too, and is only read', async (t) => {
  const receiver = await startReceiver(t)
  const person = await signIn(receiver)
  const index = await person.open('/queue/raw')
  t.equal(index.status, 200)
  t.match(index.headers.get('content-security-policy'), /style-src 'self' 'unsafe-inline'/)
  t.notMatch((await person.open('/queue')).headers.get('content-security-policy'), /unsafe-inline/)
  const script = /src="(static\/js\/main[^"]+)"/.exec(index.text)?.[1] ?? ''
  const paths = [
    '/queue/raw',
    '/queue/raw/',
    `/queue/raw/${script}`,
    '/queue/raw/api/queues',
    '/queue/raw/queue/events',
  ]
  for (const path of paths) t.equal((await person.open(path)).status, 200, path)
  t.match(JSON.parse((await person.open('/queue/raw/api/queues')).text).queues, [{ readOnlyMode: true }])

  const tokens = tokensOf(t, receiver)
  for (const role of ['viewer', 'deployer', 'approver'] as const) {
    const headers = { authorization: `Bearer ${await makeToken(tokens, role)}` }
    for (const path of paths)
      t.equal((await fetch(receiver.url + path, { headers })).status, 403, `${role} ${path}`)
  }
  for (const path of paths) {
    t.equal((await fetch(receiver.url + path, { redirect: 'manual' })).status, 302, `nobody ${path}`)
  }
  const admin = { authorization: `Bearer ${await makeToken(tokens, 'admin')}` }
  for (const [method, path] of [
    ['PUT', '/queue/raw/api/queues/events/pause'],
    ['PUT', '/queue/raw/api/queues/events/obliterate'],
    ['POST', '/queue/raw/api/queues/events/add'],
  ] as const) {
    t.equal((await fetch(receiver.url + path, { method, headers: admin })).status, 404, `${method} ${path}`)
  }
  t.equal((await person.open('/queue/raw/../../etc/passwd')).status, 404)
  t.equal((await person.open('/queue/raw/static/%2e%2e/index.ejs')).status, 404)
})

t.test('a token is shown once, and never in an address', async (t) => {
  const receiver = await startReceiver(t)
  const person = await signIn(receiver)
  const made = await person.submit('/tokens', {
    name: 'ci',
    role: 'deployer',
    repositories: 'acme/shop, acme/web-*',
  })
  const secret = /liv_[\w-]+/.exec(made.text)?.[0] ?? ''
  t.equal(made.status, 200)
  t.equal(made.location, '')
  t.match(made.headers.get('cache-control'), /no-store/)
  const { text } = await person.open('/tokens')
  t.notMatch(text, secret)
  t.match(text, 'acme/shop, acme/web-*')
  const use = () => fetch(`${receiver.url}/api/me`, { headers: { authorization: `Bearer ${secret}` } })
  t.equal((await use()).status, 200)

  const revoke = /href="(\/tokens\/\w+\/revoke)"/.exec(text)?.[1] ?? ''
  t.match((await person.open(revoke)).text, 'Whoever uses the token ci (role deployer')
  t.equal((await person.submit(revoke)).location, '/tokens')
  t.equal((await use()).status, 401)
  const refused = await person.submit('/tokens', { name: '', role: 'viewer' })
  t.equal(refused.status, 422)
  t.match(refused.text, 'No token was made')

  const trail = await person.open('/audit?actor=ADMIN_TOKEN')
  t.match(trail.text, 'token-create')
  t.match(trail.text, 'token-revoke')
  const exported = await person.open('/audit/export?action=token-create')
  t.match(exported.headers.get('content-disposition'), /attachment/)
  const lines = exported.text.trim().split('\n')
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ action: 'token-create', outcome: 'done' }],
  )
  t.equal(lines.length, 1)
  t.notMatch(exported.text, secret)
})

t.test('the figures say what is missing, and take their filter from the address', async (t) => {
  const receiver = await startReceiver(t)
  const person = await signIn(receiver)
  t.match((await person.open('/figures')).text, 'Nothing to measure in this time.')
  const filtered = await person.open('/figures?days=90&repository=acme/shop&environment=staging')
  t.match(filtered.text, 'get to staging of acme/shop')
  t.equal((await person.open('/figures?days=0')).status, 400)
  t.equal((await person.open('/figures?repository=')).status, 200, 'an empty field is none')
})

t.test('deliveries: filters, and where there is more about what they led to', async (t) => {
  const receiver = await startReceiver(t)
  const person = await signIn(receiver)
  t.match((await person.open('/deliveries')).text, 'Nothing has arrived yet.')
  await receiver.deliver(signed('star', eventFrom('acme/<b>'.replace(/[<>]/g, 'x'))))
  await receiver.deliver(signed('<script>', eventFrom()))
  const all = (await person.open('/deliveries')).text
  t.notMatch(all, '<script>x', 'what came from outside is escaped')
  t.match(all, '&lt;script>')
  t.match((await person.open('/deliveries?outcome=refused')).text, 'No delivery matches.')
  t.equal((await person.open('/deliveries?outcome=wrong')).status, 400)
  t.equal((await person.open('/deliveries/unknown')).status, 404)
})
