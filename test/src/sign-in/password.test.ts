// ADMIN_TOKEN as the dashboard's password, and the session that it begins.
import { Redis } from 'ioredis'
import t from 'tap'
import { startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { openVisitor } from '../../fixtures/visitor.ts'

t.test('in with the token, out again, and the old cookie is worth nothing', async (t) => {
  const receiver = await startReceiver(t)
  const browser = openVisitor(receiver)
  const signedIn = await browser.post('/sign-in', { password: testAdminToken, to: '/queue' })
  t.match(signedIn, { status: 303, location: '/queue' })
  const [cookie = ''] = signedIn.headers.getSetCookie()
  t.match(cookie, /^livraison_session=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/)
  t.match(JSON.parse((await browser.get('/api/me')).text), {
    kind: 'admin',
    name: 'ADMIN_TOKEN',
    role: 'admin',
    face: 'dashboard',
  })
  const first = browser.cookies.get('livraison_session') ?? ''
  await browser.signInAsAdmin()
  const second = browser.cookies.get('livraison_session') ?? ''
  t.not(second, first, 'each sign-in begins a session of its own')
  const old = openVisitor(receiver)
  old.cookies.set('livraison_session', first)
  t.equal((await old.get('/api/me')).status, 401, 'and ends the one before')

  const out = await browser.post('/sign-out', { _csrf: browser.csrfToken() })
  t.match(out, { status: 303, location: '/sign-in' })
  t.notOk(browser.cookies.has('livraison_session'))
  old.cookies.set('livraison_session', second)
  t.equal((await old.get('/api/me')).status, 401)
})

t.test('a session id that somebody was given by another is not taken over', async (t) => {
  const receiver = await startReceiver(t)
  const browser = openVisitor(receiver)
  browser.cookies.set('livraison_session', 'chosen-by-somebody-else')
  await browser.signInAsAdmin()
  t.match(browser.cookies.get('livraison_session'), /^[\w-]{43}$/)
})

t.test('a wrong token, no token, a form of another page', async (t) => {
  const receiver = await startReceiver(t)
  const browser = openVisitor(receiver)
  const fails = async (form: Record<string, string>, headers: Record<string, string>, location: string) =>
    t.match(await browser.post('/sign-in', form, headers), { status: 303, location }, JSON.stringify(headers))
  await fails({ password: 'x', to: '/locks' }, {}, '/sign-in?failed=password&to=%2Flocks')
  await fails({}, {}, '/sign-in?failed=password')
  const password = testAdminToken
  await fails({ password }, { origin: 'https://evil.test' }, '/sign-in?failed=page')
  await fails({ password }, { 'sec-fetch-site': 'cross-site' }, '/sign-in?failed=page')
  await fails({ password }, { origin: 'null' }, '/sign-in?failed=page')
  t.notOk(browser.cookies.has('livraison_session'))
  const none = await startReceiver(t, { adminToken: null })
  t.equal((await openVisitor(none).post('/sign-in', { password })).location, '/sign-in?failed=no-admin-token')
})

t.test(
  'the eleventh wrong token of a quarter of an hour is not even looked at, nor is the right one',
  async (t) => {
    const receiver = await startReceiver(t)
    const browser = openVisitor(receiver)
    const attempt = async (password: string) => (await browser.post('/sign-in', { password })).location
    const first = await Promise.all(Array.from({ length: 10 }, (_, index) => attempt(`wrong ${index}`)))
    t.strictSame([...new Set(first)], ['/sign-in?failed=password'])
    t.equal(await attempt('wrong again'), '/sign-in?failed=limited')
    t.equal(await attempt(testAdminToken), '/sign-in?failed=limited')
    t.notOk(browser.cookies.has('livraison_session'))
  },
)

t.test('whoever signs in begins to count anew', async (t) => {
  const receiver = await startReceiver(t)
  const browser = openVisitor(receiver)
  for (let round = 0; round < 2; round++) {
    for (let count = 0; count < 9; count++) await browser.post('/sign-in', { password: 'x' })
    t.equal(await browser.signInAsAdmin(), '/')
  }
})

t.test('behind a proxy that is trusted, each counts for themselves', async (t) => {
  const receiver = await startReceiver(t, { trustProxy: 'loopback' })
  const browser = openVisitor(receiver)
  const from = async (address: string, password: string) =>
    (await browser.post('/sign-in', { password }, { 'x-forwarded-for': address })).location
  for (let count = 0; count < 10; count++) await from('192.0.2.1', 'x')
  t.equal(await from('192.0.2.1', testAdminToken), '/sign-in?failed=limited')
  t.equal(await from('192.0.2.2', testAdminToken), '/')
  for (let count = 0; count < 10; count++) await from(`2001:db8::${count}`, 'x')
  t.equal(
    await from('2001:db8::99', testAdminToken),
    '/sign-in?failed=limited',
    'of IPv6, the network counts',
  )

  const plain = openVisitor(await startReceiver(t))
  for (let count = 0; count < 10; count++) {
    await plain.post('/sign-in', { password: 'x' }, { 'x-forwarded-for': `192.0.2.${count}` })
  }
  const last = await plain.post('/sign-in', { password: 'x' }, { 'x-forwarded-for': '192.0.2.99' })
  t.equal(last.location, '/sign-in?failed=limited', 'without one, anybody could say so')
})

t.test('another ADMIN_TOKEN ends the sessions that the old one began, and no others', async (t) => {
  const receiver = await startReceiver(t)
  const { redisUrl: url, prefix } = receiver
  const browser = openVisitor(receiver)
  await browser.signInAsAdmin()
  const id = browser.cookies.get('livraison_session') ?? ''
  const rotated = openVisitor(await startReceiver(t, { redis: { url, prefix }, adminToken: 'another' }))
  rotated.cookies.set('livraison_session', id)
  t.equal((await rotated.get('/api/me')).status, 401)
  t.equal((await browser.get('/api/me')).status, 401, 'for good')
})

t.test('no secret is in Redis in clear', async (t) => {
  const receiver = await startReceiver(t)
  const browser = openVisitor(receiver)
  await browser.signInAsAdmin()
  const session = browser.cookies.get('livraison_session') ?? ''
  const made = await fetch(`${receiver.url}/api/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${testAdminToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'ci', role: 'deployer' }),
  })
  const { secret } = (await made.json()) as { secret: string }
  const headers = { authorization: `Bearer ${secret}` }
  t.equal((await fetch(`${receiver.url}/api/me`, { headers })).status, 200)
  await fetch(`${receiver.url}/api/me`, { headers: { authorization: 'Bearer liv_wrong' } })

  const redis = new Redis(receiver.redisUrl)
  t.teardown(() => redis.disconnect())
  const everything = (await Promise.all((await redis.keys(`${receiver.prefix}*`)).map(dump))).join('\n')
  async function dump(key: string): Promise<string> {
    switch (await redis.type(key)) {
      case 'hash':
        return `${key} ${JSON.stringify(await redis.hgetall(key))}`
      case 'string':
        return `${key} ${await redis.get(key)}`
      case 'list':
        return `${key} ${await redis.lrange(key, 0, -1)}`
      case 'zset':
        return `${key} ${await redis.zrange(key, '0', '-1')}`
      case 'stream':
        return `${key} ${JSON.stringify(await redis.xrange(key, '-', '+'))}`
      default:
        return key
    }
  }
  t.match(everything, /:session:[0-9a-f]{64} /, 'there is something to look at')
  t.match(everything, /:tokens /)
  for (const each of [session, secret, secret.slice(4), testAdminToken]) t.notOk(everything.includes(each))
  t.notOk(JSON.stringify(receiver.log).includes(secret))
})
