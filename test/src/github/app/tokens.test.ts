// What an App signs with, by clocks that differ, and how long it is used.

import { createPrivateKey } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { lifeMs, openInstallationTokens } from '../../../../src/github/app/installation-tokens.ts'
import { createJwtMaker } from '../../../../src/github/app/jwt.ts'
import { jwtAuth } from '../../../../src/github/app/jwt-auth.ts'
import { subjectOf } from '../../../../src/github/app/subject-of.ts'
import { createGitHub } from '../../../../src/github/client.ts'
import { commonSecret } from '../../../../src/github/credentials.ts'
import { startAppClient } from '../../../fixtures/app-client.ts'

const minute = 60_000
const patient = { check: async () => {}, begin: async () => {} }

t.test('a clock that is wrong is allowed for', async (t) => {
  const { sandbox, app, privateKey } = await startAppClient(t)
  for (const wrongMs of [0, -20 * minute, 20 * minute, -4 * minute]) {
    const auth = jwtAuth({ id: app.id, privateKey }, () => Date.now() + wrongMs)
    const log = pino({ level: 'silent' })
    const github = createGitHub({ auth, apiUrl: sandbox.apiUrl, log, pause: patient })
    t.match(
      await github.rest.apps.getAuthenticated(),
      { data: { id: app.id } },
      `${wrongMs / minute} minutes`,
    )
    const asked = sandbox.requests.length
    await github.rest.apps.getAuthenticated()
    t.equal(sandbox.requests.length, asked + 1, 'the second time at once')
  }
})

t.test('an App’s word for itself is used again while it is good', async (t) => {
  const { app, privateKey } = await startAppClient(t)
  const make = createJwtMaker({ id: app.id, privateKey })
  const first = make(0)
  t.equal(make(3 * minute), first)
  t.not(make(4.5 * minute), first)
  t.not(make(-minute), first, 'nor when the clock was put back')
  const [, claims = ''] = first.split('.')
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString())
  t.same(read, { iss: String(app.id), iat: -60, exp: 300 })
})

t.test('tokens are renewed well before their end, by one call, while the old one serves', async (t) => {
  const { sandbox, app, privateKey } = await startAppClient(t)
  const { id } = sandbox.installApp(app, 'acme')
  const auth = jwtAuth({ id: app.id, privateKey })
  const log = pino({ level: 'silent' })
  const github = createGitHub({ auth, apiUrl: sandbox.apiUrl, log, pause: patient })
  let now = 0
  const failures: unknown[] = []
  const onFailure = (error: unknown) => void failures.push(error)
  const tokens = openInstallationTokens({ app: github, onFailure, now: () => now })
  const installation = { id, account: 'acme', url: '', ofAll: true }
  const get = (leftMs = minute) => tokens.get(installation, leftMs)

  const [first, ...others] = await Promise.all([get(), get(), get()])
  t.ok(others.every((each) => each === first))
  t.equal(sandbox.installationTokens().length, 1)
  now = 30 * minute
  t.equal(await get(), first)
  t.equal(sandbox.installationTokens().length, 1)

  now = 40 * minute
  const fault = sandbox.faults.add({
    operation: 'apps/create-installation-access-token',
    answer: { status: 502 },
  })
  t.equal(await get(), first, 'it still serves')
  await sandbox.whenever(() => fault.hits > 0)
  while (failures.length === 0) await new Promise((resolve) => setImmediate(resolve))
  t.match(failures, [{ reason: 'server-error' }])
  sandbox.faults.clear()

  t.same(await Promise.all([get(), get()]), [first, first])
  await sandbox.whenever(() => sandbox.installationTokens().length === 2)
  t.not(await get(40 * minute), first)
  t.equal(sandbox.installationTokens().length, 2, 'one call')

  tokens.drop(await get())
  await get()
  t.equal(sandbox.installationTokens().length, 3)
})

t.test('how long a token lives is by GitHub’s clock', async (t) => {
  t.equal(lifeMs('2026-01-01T01:00:00Z', 'Thu, 01 Jan 2026 00:10:00 GMT'), 50 * minute)
  t.equal(lifeMs('soon', undefined), 60 * minute)
})

t.test('the common secret is of the key, whatever its form, and never the key', async (t) => {
  const { privateKey } = await startAppClient(t)
  const pkcs8 = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
  const secret = commonSecret({ githubApp: { id: 1, privateKey } })
  t.match(secret, /^[\w-]{43}$/)
  t.equal(commonSecret({ githubApp: { id: 1, privateKey: pkcs8 }, githubToken: 'x' }), secret)
  t.equal(commonSecret({ githubToken: 'x' }), 'x')
})

t.test('whose token a call needs', async (t) => {
  for (const path of [
    '/app',
    '/app/hook/config',
    '/repos/a/b/installation',
    '/orgs/a/installation',
    '/users/a/installation',
  ])
    t.same(subjectOf(path), { of: 'app' }, path)
  t.same(subjectOf('/repos/a/b.c/deployments'), { of: 'repository', owner: 'a', repo: 'b.c' })
  t.same(subjectOf('/repositories/12/deployments'), { of: 'repository-id', id: 12 })
  t.same(subjectOf('/orgs/a/teams/b/memberships/c'), { of: 'organization', org: 'a' })
  t.same(subjectOf('/meta'), { of: 'nobody' })
  for (const path of ['/user', '/applications', '/repos/a', '/', ''])
    t.same(subjectOf(path), { of: 'person' }, path)
})
