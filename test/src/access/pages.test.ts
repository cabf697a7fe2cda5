// Pages, whose callers have a cookie: to sign in, forms, and headers.

import cookie from '@fastify/cookie'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { enforceAccess } from '../../../src/access/enforce.ts'
import { openIdentity } from '../../../src/access/identity.ts'
import { csrfTokenOf } from '../../../src/access/session-of.ts'
import { connectFailingFast, firstContact } from '../../../src/redis/redis.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { ownRedis, testRedis } from '../../fixtures/redis.ts'
import { testRules } from '../../fixtures/rules.ts'
import { openVisitor } from '../../fixtures/visitor.ts'

/** A few pages behind the same door as the receiver's. */
async function startPages(
  t: Test,
  { publicUrl = 'http://livraison.test', perMinute = 1000, redisUrl = '' } = {},
) {
  const { url, prefix } = await testRedis(t)
  const log = pino({ level: 'silent' })
  const redis = connectFailingFast(redisUrl || url, log)
  t.teardown(() => redis.disconnect())
  await firstContact(redis)
  const identity = openIdentity({
    redis,
    prefix,
    rules: testRules(),
    log,
    github: undefined,
    adminToken: 'x',
  })
  const app = Fastify()
  await app.register(cookie)
  await app.register(formbody)
  await enforceAccess(app, { identity, publicUrl, hasOAuth: false, requestsPerMinute: perMinute })
  app.get('/page', { config: { role: 'viewer' } }, async (request) => csrfTokenOf(request))
  app.post('/page', { config: { role: 'viewer' } }, async ({ body, actor }) => ({ body, actor }))
  app.get('/open', { config: { role: 'anybody' } }, async ({ actor }) => ({ actor }))
  t.teardown(() => app.close())
  const address = await app.listen({ port: 0, host: '127.0.0.1' })
  const browser = openVisitor({ url: address })
  const begin = async () => {
    const id = await identity.sessions.begin({ kind: 'admin', name: 'ADMIN_TOKEN' })
    browser.cookies.set(`${publicUrl.startsWith('https') ? '__Host-' : ''}livraison_session`, id)
    return id
  }
  return { browser, begin, address, identity }
}

t.test('a stranger is sent to sign in, and back afterwards', async (t) => {
  const { browser } = await startPages(t)
  t.match(await browser.get('/page?a=b&c'), { status: 302, location: '/sign-in?to=%2Fpage%3Fa%3Db%26c' })
  t.match(await browser.post('/page'), { status: 303, location: '/sign-in' }, 'to no address of a form')
  const wrong = await browser.get('/page', { authorization: 'Bearer x y' })
  t.equal(wrong.status, 401)
  t.match(await browser.get('/open'), { status: 200, text: '{"actor":null}' })
  const basic = await browser.get('/page', { authorization: 'Basic eDp5' })
  t.equal(basic.status, 302, 'what a proxy asked for is nothing to us')
})

t.test('a form is taken with its token from a page of ours, and from nowhere else', async (t) => {
  const { browser, begin, address } = await startPages(t)
  await begin()
  const { text: token } = await browser.get('/page')
  t.match(token, /^[\w-]{43}$/)
  const taken = await browser.post('/page', { _csrf: token, reason: 'x' })
  t.match(JSON.parse(taken.text), { body: { reason: 'x' }, actor: { kind: 'admin', face: 'dashboard' } })
  t.notOk('_csrf' in JSON.parse(taken.text).body, 'who reads the form does not see it')
  t.equal((await browser.post('/page', {}, { 'x-csrf-token': token })).status, 200)
  t.equal((await browser.post('/page', { _csrf: token }, { origin: 'http://livraison.test' })).status, 200)
  t.equal((await browser.post('/page', { _csrf: token }, { 'sec-fetch-site': 'same-origin' })).status, 200)

  const refused = async (what: string, form: Record<string, string>, headers?: Record<string, string>) => {
    const { status, text } = await browser.post('/page', form, headers)
    t.equal(status, 403, what)
    t.match(JSON.parse(text).message, /^This did not come from a page of ours/)
  }
  await refused('no token', { reason: 'x' })
  await refused('another token', { _csrf: `${token.slice(1)}x` })
  await refused('another token in the header', { _csrf: token }, { 'x-csrf-token': 'x' })
  await refused('another site', { _csrf: token }, { origin: 'https://evil.test' })
  await refused('no site', { _csrf: token }, { origin: 'null' })
  await refused('a neighbour', { _csrf: token }, { 'sec-fetch-site': 'same-site' })
  await refused('http instead of https', { _csrf: token }, { origin: address.replace('http:', 'https:') })
  const silent = await fetch(`${address}/page`, {
    method: 'POST',
    headers: { cookie: `livraison_session=${browser.cookies.get('livraison_session')}` },
    body: new URLSearchParams({ _csrf: token }),
  })
  t.equal(silent.status, 403, 'without a word from where')

  await begin()
  await refused("another session's token", { _csrf: token })
  const machine = await fetch(`${address}/page`, { method: 'POST', headers: { authorization: 'Bearer x' } })
  t.equal(machine.status, 200, 'who has a token of their own needs none of a page')
})

t.test('behind https the cookie is of this host only', async (t) => {
  const { browser, begin, address } = await startPages(t, { publicUrl: 'https://livraison.test' })
  const id = await begin()
  t.equal((await browser.get('/page')).status, 200)
  const plain = openVisitor({ url: address })
  plain.cookies.set('livraison_session', id)
  t.equal((await plain.get('/page')).status, 302, 'one that anybody nearby could have set is not looked at')
  const token = (await browser.get('/page')).text
  const form = { _csrf: token }
  t.equal((await browser.post('/page', form, { origin: 'https://livraison.test' })).status, 200)
  t.equal((await browser.post('/page', form, { origin: 'http://livraison.test' })).status, 403)
})

t.test('whoever asks too often is told when to come back', async (t) => {
  const { browser, begin, address } = await startPages(t, { perMinute: 4 })
  const statuses: number[] = []
  for (let count = 0; count < 3; count++) statuses.push((await browser.get('/page')).status)
  t.strictSame(statuses, [302, 302, 429])
  await begin()
  for (let count = 0; count < 4; count++) t.equal((await browser.get('/page')).status, 200)
  const last = await browser.get('/page')
  t.equal(last.status, 429)
  t.match(last.headers.get('retry-after'), /^\d+$/)
  t.match(JSON.parse(last.text), {
    statusCode: 429,
    error: 'Too Many Requests',
    message: /^These are too many/,
  })
  t.equal((await fetch(`${address}/open`)).status, 200, 'what is for anybody is not counted')
})

t.test('while Redis is away, nobody is anybody', async (t) => {
  const redis = await ownRedis(t)
  const { browser, begin, address } = await startPages(t, { redisUrl: redis.url })
  await begin()
  t.equal((await browser.get('/page')).status, 200)
  await redis.kill()
  const { status, text } = await browser.get('/page')
  t.match({ status, message: JSON.parse(text).message }, { status: 503, message: /^Redis cannot be reached/ })
  t.equal((await fetch(`${address}/open`)).status, 200)
})

t.test('what browsers are told', async (t) => {
  const receiver = await startReceiver(t)
  const { headers } = await receiver.get('/healthz')
  const policy =
    "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'"
  t.equal(headers.get('content-security-policy'), policy)
  t.equal(headers.get('referrer-policy'), 'same-origin')
  t.equal(headers.get('x-content-type-options'), 'nosniff')
  t.equal(headers.get('x-frame-options'), 'DENY')
  t.equal(headers.get('strict-transport-security'), null, 'not where it is http')
  t.equal((await receiver.api('/deployments')).headers.get('cache-control'), 'no-store')
})
