// Some token stands before everything below /api.
import t from 'tap'
import { readServerSettings } from '../../../src/settings/server.ts'
import { get, isError, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'

const paths = [
  '/api/deliveries',
  '/api/deliveries/one',
  '/api/deployments',
  '/api/deployments/acme/shop/1',
  '/api/deployments/acme/shop/1/log',
  '/api/why/acme/shop/production',
  '/api/no-such-route',
  '/api',
  '/api/',
]

t.test('without the token, with a wrong one, with the right one', async (t) => {
  const { url } = await startReceiver(t)
  for (const path of paths) {
    const answer = await get(`${url}${path}`)
    isError(
      t,
      answer,
      401,
      /^Send the header "Authorization: Bearer TOKEN", with ADMIN_TOKEN or an API token\.$/,
    )
    t.equal(answer.headers.get('www-authenticate'), 'Bearer', path)
    for (const wrong of [`${testAdminToken}x`, testAdminToken.slice(1), 'x', testAdminToken.toUpperCase()]) {
      const answer = await get(`${url}${path}`, { authorization: `Bearer ${wrong}` })
      isError(t, answer, 401, /^This is neither ADMIN_TOKEN nor an API token that is in force\.$/)
    }
    const basic = `Basic ${Buffer.from(`x:${testAdminToken}`).toString('base64')}`
    isError(t, await get(`${url}${path}`, { authorization: basic }), 401, /^Send the header/)
    const { status } = await get(`${url}${path}`, { authorization: `bearer  ${testAdminToken}` })
    t.not(status, 401, path)
    t.not(status, 403, path)
  }
  t.equal((await get(`${url}/healthz`)).status, 200, 'what is no API needs no token')
})

t.test('without ADMIN_TOKEN the API is closed and says how to open it', async (t) => {
  const { url } = await startReceiver(t, { adminToken: null })
  for (const path of paths) {
    for (const headers of [{}, { authorization: 'Bearer ' }, { authorization: 'Bearer undefined' }]) {
      const answer = await get(`${url}${path}`, headers as Record<string, string>)
      isError(t, answer, 403, /^The API is closed: set ADMIN_TOKEN to a long random text/)
    }
  }
})

t.test('what is not there, with the token', async (t) => {
  const receiver = await startReceiver(t)
  isError(
    t,
    await receiver.api('/no-such-route?x=1'),
    404,
    /^There is nothing at GET \/api\/no-such-route\.$/,
  )
})

t.test('ADMIN_TOKEN is a setting of the receiver, and need not be set', async (t) => {
  const read = (ADMIN_TOKEN?: string) =>
    readServerSettings({ GITHUB_WEBHOOK_SECRET: 'x', ADMIN_TOKEN }).adminToken
  t.equal(read(' a token \n'), 'a token')
  t.equal(read(undefined), undefined)
  t.equal(read(' '), undefined)
})
