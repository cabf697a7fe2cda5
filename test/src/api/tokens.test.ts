// Tokens for machines, by the API; who they are, and where they may go.
import t from 'tap'
import { isError, type Receiver, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'

async function call(
  receiver: Receiver,
  method: string,
  path: string,
  options: { token?: string; body?: unknown; agent?: string } = {},
) {
  const { token = testAdminToken, body, agent } = options
  const response = await fetch(`${receiver.url}/api${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(agent === undefined ? {} : { 'user-agent': agent }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

t.test('one is made, used, listed and taken back, and that is noted', async (t) => {
  const receiver = await startReceiver(t)
  const body = { name: 'ci', role: 'deployer', repositories: ['acme/*'], expires: '30d' }
  const made = await call(receiver, 'POST', '/tokens', { body, agent: 'livraison-cli/0.1.0' })
  t.equal(made.status, 201)
  t.match(made.body, {
    id: /^[0-9a-f]{12}$/,
    ...{ name: 'ci', role: 'deployer', repositories: ['acme/*'], createdBy: 'ADMIN_TOKEN', lastUsedAt: null },
    secret: /^liv_[\w-]{43}$/,
    text: /^The token ci \([0-9a-f]{12}\) acts as deployer in acme\/\* until \d{4}-\d\d-\d\d\. Its secret is shown this once\.$/,
  })
  const days =
    (Date.parse(String(made.body.expiresAt)) - Date.parse(String(made.body.createdAt))) / 86_400_000
  t.equal(days, 30)
  const token = String(made.body.secret)

  t.match(await call(receiver, 'GET', '/me', { token }), {
    body: { kind: 'token', name: 'ci', face: 'api', role: null },
  })
  const me = await call(receiver, 'GET', '/me?repository=acme/shop', { token, agent: 'livraison-cli/0.1.0' })
  t.match(me.body, { face: 'cli', repository: 'acme/shop', role: 'deployer', token: { id: made.body.id } })
  t.notOk(JSON.stringify(me.body).includes('liv_'))

  t.equal((await call(receiver, 'GET', '/deployments?repository=acme/shop', { token })).status, 200)
  t.equal((await call(receiver, 'GET', '/why/acme/shop/production', { token })).status, 200)
  t.equal((await call(receiver, 'GET', '/overview?repository=acme/shop', { token })).status, 200)
  t.equal((await call(receiver, 'GET', '/figures?repository=acme/shop', { token })).status, 200)
  isError(t, await call(receiver, 'GET', '/overview', { token }), 403, /in all repositories/)
  isError(
    t,
    await call(receiver, 'GET', '/deployments', { token }),
    403,
    /^This needs the role viewer in all repositories, which ci does not have\.$/,
  )
  isError(
    t,
    await call(receiver, 'GET', '/deployments?repository=other/shop', { token }),
    403,
    /in other\/shop/,
  )
  isError(
    t,
    await call(receiver, 'GET', '/deployments?repository=acme/shop&repository=other/shop', { token }),
    403,
    /./,
  )
  isError(t, await call(receiver, 'GET', '/why/other/shop/production', { token }), 403, /in other\/shop/)
  isError(t, await call(receiver, 'GET', '/tokens', { token }), 403, /needs the role admin/)

  const { body: listed } = await call(receiver, 'GET', '/tokens')
  t.match(listed, { tokens: [{ id: made.body.id, name: 'ci', lastUsedAt: /^\d{4}-/ }] })
  t.notOk(JSON.stringify(listed).includes('liv_'))
  const revoked = await call(receiver, 'DELETE', `/tokens/${made.body.id}`)
  t.match(revoked, { status: 200, body: { id: made.body.id, text: /is not in force any more\.$/ } })
  isError(t, await call(receiver, 'GET', '/me', { token }), 401, /neither ADMIN_TOKEN nor an API token/)
  isError(t, await call(receiver, 'DELETE', `/tokens/${made.body.id}`), 404, /^There is no token/)

  const noted = (await call(receiver, 'GET', '/audit')).body.entries
  t.match(noted, [
    { action: 'token-revoke', outcome: 'done', actor: { face: 'api' } },
    {
      action: 'token-create',
      outcome: 'done',
      actor: { kind: 'admin', name: 'ADMIN_TOKEN', face: 'cli' },
      text: /deployer in acme/,
    },
  ])
  t.notOk(JSON.stringify(noted).includes('liv_'))
})

t.test('what cannot be understood makes none, and is told whole', async (t) => {
  const receiver = await startReceiver(t)
  const refused = async (body: unknown, message: RegExp) =>
    isError(t, await call(receiver, 'POST', '/tokens', { body }), 422, message)
  await refused(
    {},
    /^No token was made: name must be a name; role must be one of viewer, deployer, approver, admin\.$/,
  )
  await refused({ name: 'a', role: 'root', colour: 1 }, /role must be one of .*; colour means nothing here/)
  const good = { name: 'a', role: 'viewer' }
  for (const expires of ['366d', '0d', '-1d', 'soon', '2020-01-01', '2099-01-01', '1', 7]) {
    await refused({ ...good, expires }, /expires must be/)
  }
  for (const repositories of ['acme/*', ['*'], ['acme'], ['acme/shop/x'], [1]]) {
    await refused({ ...good, repositories }, /repositories.* must be/)
  }
  const usual = await call(receiver, 'POST', '/tokens', { body: good })
  const days =
    (Date.parse(String(usual.body.expiresAt)) - Date.parse(String(usual.body.createdAt))) / 86_400_000
  t.equal(days, 90)
  const hour = new Date(Date.now() + 3_600_000).toISOString()
  const timed = await call(receiver, 'POST', '/tokens', { body: { ...good, expires: hour } })
  t.ok(Math.abs(Date.parse(String(timed.body.expiresAt)) - Date.parse(hour)) < 5000)
})

t.test('who tries ADMIN_TOKEN out is stopped; tokens that we made go on working from there', async (t) => {
  const receiver = await startReceiver(t, { requestsPerMinute: 100_000 })
  const body = { name: 'ci', role: 'viewer' }
  const token = String((await call(receiver, 'POST', '/tokens', { body })).body.secret)
  const guess = (index: number) => call(receiver, 'GET', '/me', { token: `guess ${index}` })
  const first = await Promise.all(Array.from({ length: 100 }, (_, index) => guess(index)))
  t.strictSame([...new Set(first.map(({ status }) => status))], [401])
  const blocked = await call(receiver, 'GET', '/me')
  isError(
    t,
    blocked,
    429,
    /^From this address, too many tokens that are none were sent\. Try again in \d+ s\.$/,
  )
  t.match(blocked.headers.get('retry-after'), /^\d+$/)
  t.equal((await call(receiver, 'GET', '/me', { token })).status, 200)
})
