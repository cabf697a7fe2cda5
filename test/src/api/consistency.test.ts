// What all routes of the API have in common: methods, unknown paths, errors.
import t from 'tap'
import { isError, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { jobOf, openStores } from './stores.ts'

const headers = { authorization: `Bearer ${testAdminToken}` }

async function ask(url: string, method: string, body?: string, more: Record<string, string> = {}) {
  const init = { method, headers: { ...headers, ...more }, ...(body === undefined ? {} : { body }) }
  const response = await fetch(url, init)
  const text = await response.text()
  const json = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return { status: response.status, headers: response.headers, body: json, text }
}

t.test('a path says which methods it takes', async (t) => {
  const { url } = await startReceiver(t)
  const rows = [
    ['/api/deployments', 'GET, HEAD, POST, OPTIONS'],
    ['/api/deployments/acme/shop/5/log', 'GET, OPTIONS'],
    ['/api/why/acme/shop/review/1', 'GET, HEAD, OPTIONS'],
    ['/api/events', 'GET, OPTIONS'],
  ]
  for (const [path = '', allowed = ''] of rows) {
    const options = await ask(`${url}${path}`, 'OPTIONS')
    t.match(options, { status: 204, text: '' }, path)
    t.equal(options.headers.get('allow'), allowed)
    const wrong = await ask(`${url}${path}`, 'PATCH', '<no json>', { 'content-type': 'text/xml' })
    isError(t, wrong, 405, new RegExp(`^${path} does not take PATCH, only ${allowed}\\.$`))
    t.equal(wrong.headers.get('allow'), allowed)
    const stranger = await fetch(`${url}${path}`, { method: 'OPTIONS' })
    t.equal(stranger.status, 401, 'nobody learns that without the token')
  }
  isError(
    t,
    await ask(`${url}/api/nothing`, 'OPTIONS'),
    404,
    /^There is nothing at OPTIONS \/api\/nothing\.$/,
  )
})

t.test('HEAD is GET without a body', async (t) => {
  const receiver = await startReceiver(t)
  const { records } = await openStores(t, receiver)
  await records.accept(jobOf(5))
  for (const path of ['/api/deployments', '/api/deployments/acme/shop/5', '/healthz']) {
    const whole = await ask(`${receiver.url}${path}`, 'GET')
    const head = await ask(`${receiver.url}${path}`, 'HEAD')
    t.match(head, { status: 200, text: '' }, path)
    t.equal(head.headers.get('content-length'), whole.headers.get('content-length'))
    t.equal(head.headers.get('content-type'), 'application/json; charset=utf-8')
  }
})

t.test('a 503 says when to try again', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
  await redis.kill()
  for (const path of ['/api/deployments', '/api/why/acme/shop/production', '/api/deliveries', '/readyz']) {
    const answer = await ask(`${receiver.url}${path}`, 'GET')
    isError(t, answer, 503, /^Redis cannot be /)
    t.equal(answer.headers.get('retry-after'), '10', path)
  }
  t.strictSame(
    receiver.log.filter(({ msg }) => /unexpectedly/.test(msg)),
    [],
    'an outage is no surprise',
  )
})

t.test('addresses that are none', async (t) => {
  const { url } = await startReceiver(t)
  isError(t, await ask(`${url}/nothing?x=1`, 'GET'), 404, /^There is nothing at GET \/nothing\.$/)
  isError(t, await ask(`${url}/api/deployments/%zz`, 'GET'), 400, /./)
  isError(t, await ask(`${url}/api/why/acme`, 'GET'), 404, /^There is nothing at GET \/api\/why\/acme\.$/)
})
