// Who may do what: from the file, from GitHub, from tokens; and nobody where it cannot be found out.
import { Redis } from 'ioredis'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts'
import type { Actor } from '../../../src/access/actor.ts'
import { openIdentity } from '../../../src/access/identity.ts'
import { tokenAuth } from '../../../src/github/auth.ts'
import { createGitHub } from '../../../src/github/client.ts'
import { createPause } from '../../../src/github/pause.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { testRules } from '../../fixtures/rules.ts'

const shop = 'acme/shop'
const person = (name: string): Actor => ({ kind: 'person', name, face: 'dashboard' })

async function start(t: Test, access: string, { withToken = true } = {}) {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const log = pino({ level: 'silent' })
  const { token, apiUrl } = sandbox
  const github = createGitHub({ auth: tokenAuth(token), apiUrl, log, pause: createPause(redis, prefix, log) })
  const rules = testRules(`repositories: {}\naccess: ${access}`)
  const tools = { redis, prefix, rules, log, adminToken: undefined }
  return { ...openIdentity({ ...tools, github: withToken ? github : undefined }), sandbox, redis, rules }
}

function askedFor(sandbox: Sandbox, operation: string): number {
  return sandbox.requests.filter(({ operationId }) => operationId === operation).length
}

t.test('of what the file gives and what GitHub gives, the higher counts', async (t) => {
  const given = '{ organizations: [acme], roles: { approver: ["@acme/leads"], deployer: [hubot] } }'
  const { access, sandbox } = await start(t, given)
  for (const login of ['mona', 'ida', 'lea', 'tia', 'ann', 'wim']) sandbox.addPerson(login, ['acme'])
  sandbox.addToTeam('acme', 'leads', 'lea')
  const permissions = { ida: 'admin', hubot: 'maintain', tia: 'triage', ann: 'none', wim: 'write' } as const
  for (const [login, permission] of Object.entries(permissions))
    sandbox.setPermission(shop, login, permission)

  const expected: [login: string, everywhere: string | undefined, inShop: string | undefined][] = [
    ['MONA', 'viewer', 'viewer'],
    ['ida', 'viewer', 'admin'],
    ['Lea', 'approver', 'approver'],
    ['hubot', 'deployer', 'approver'],
    ['tia', 'viewer', 'viewer'],
    ['ann', 'viewer', 'viewer'],
    ['wim', 'viewer', 'deployer'],
    ['stranger', undefined, undefined],
  ]
  for (const [login, everywhere, inShop] of expected) {
    t.equal(await access.roleOf(person(login)), everywhere, `${login} everywhere`)
    t.equal(await access.roleOf(person(login), shop), inShop, `${login} in ${shop}`)
  }
  t.equal(await access.roleOf(person('ida'), 'ACME/Shop'), 'admin', 'GitHub ignores case')
  t.equal(await access.roleOf(person('ida'), 'acme/other'), 'viewer', 'and only there')
  t.same(sandbox.violations, [])
})

t.test('what GitHub lets somebody do is nothing to whoever may not sign in', async (t) => {
  const { access, sandbox } = await start(t, '{ people: [octocat] }')
  sandbox.setPermission(shop, 'ida', 'admin')
  t.equal(await access.roleOf(person('ida'), shop), undefined)
  t.equal(await access.allows(person('ida'), 'viewer', shop), false)
})

t.test('GitHub that does not answer gives nobody anything', async (t) => {
  const { access, sandbox } = await start(t, '{ organizations: [acme], roles: { admin: [octocat] } }')
  sandbox.addPerson('mona', ['acme'])
  sandbox.setPermission(shop, 'mona', 'admin')
  sandbox.faults.add({ answer: { status: 502 } })
  const unavailable = {
    statusCode: 503,
    message: /^GitHub did not say whether mona is a member of acme, .* later\.$/,
  }
  await t.rejects(access.roleOf(person('mona'), shop), unavailable)
  await t.rejects(access.allows(person('mona'), 'viewer'), unavailable)
  await t.rejects(access.isOneOf(person('mona'), ['@acme/ops']), { message: /whether mona is in @acme\/ops/ })
  t.equal(await access.roleOf(person('octocat'), shop), 'admin', 'who is named need not be asked about')
  t.equal(await access.isOneOf(person('Octocat'), ['octocat', '@acme/ops']), true)

  sandbox.faults.clear()
  sandbox.faults.add({ operation: 'repos/get-collaborator-permission-level', answer: { status: 403 } })
  await t.rejects(access.roleOf(person('mona'), shop), { statusCode: 503, message: /give it the right/ })
  t.equal(await access.allows(person('mona'), 'viewer', shop), true, 'that needs no permission')
  sandbox.faults.clear()
  t.equal(await access.roleOf(person('mona'), shop), 'admin', 'and it is asked again')
})

t.test('without a token, people who are named have roles, and teams cannot be asked about', async (t) => {
  const given = '{ teams: ["@acme/ops"], people: [mona], roles: { deployer: [hubot] } }'
  const { access } = await start(t, given, { withToken: false })
  t.equal(await access.roleOf(person('hubot'), shop), 'deployer')
  t.equal(await access.roleOf(person('mona'), shop), 'viewer')
  await t.rejects(access.maySignIn('ida'), {
    statusCode: 503,
    message:
      'Neither GITHUB_APP_ID nor GITHUB_TOKEN is set in the receiver, so GitHub cannot be asked whether ida is in @acme/ops: set one and restart the receiver.',
  })
})

t.test('answers are kept for minutes, a no for one', async (t) => {
  const { access, sandbox, redis, prefix } = await start(t, '{ teams: ["@acme/ops"] }')
  sandbox.addToTeam('acme', 'ops', 'mona')
  const ask = (login: string) => access.maySignIn(login)
  t.strictSame(await Promise.all(['mona', 'Mona', 'ida', 'ida'].map(ask)), [true, true, false, false])
  t.equal(askedFor(sandbox, 'teams/get-membership-for-user-in-org'), 2)
  const leftMs = (login: string) => redis.pttl(`${prefix}:access:team:@acme/ops:${login}`)
  t.ok((await leftMs('mona')) > 60_000 && (await leftMs('mona')) <= 300_000)
  t.ok((await leftMs('ida')) <= 60_000 && (await leftMs('ida')) > 0)

  sandbox.removePerson('acme', 'mona')
  t.equal(await ask('mona'), true, 'still')
  await redis.del(`${prefix}:access:team:@acme/ops:mona`)
  t.equal(await ask('mona'), false, 'once that time is over')
})

t.test('what is no name of a repository is not put into an address', async (t) => {
  const { access, sandbox } = await start(t, '{ people: [mona] }')
  for (const repository of ['acme/..', '../acme', 'acme', 'acme/shop/x', 'acme/sh op', 'acme/%2e%2e', '']) {
    t.equal(await access.roleOf(person('mona'), repository), 'viewer', repository)
  }
  t.equal(sandbox.requests.length, 0)
})

t.test('who is no person: ADMIN_TOKEN, GitHub, tokens', async (t) => {
  const { access, tokens } = await start(t, '{ people: [mona] }')
  const admin: Actor = { kind: 'admin', name: 'ADMIN_TOKEN', face: 'api' }
  t.equal(await access.roleOf(admin), 'admin')
  const github: Actor = { kind: 'github', name: 'mona', face: 'github' }
  t.strictSame([await access.roleOf(github), await access.roleOf(github, shop)], [undefined, 'deployer'])
  const wish = { name: 'ci', role: 'deployer', createdBy: 'mona', lifetimeMs: 60_000 } as const
  const { token } = await tokens.create({ ...wish, repositories: ['Acme/*', '!acme/secret'] })
  const actor: Actor = { kind: 'token', name: 'mona', tokenId: token.id, face: 'api' }
  t.equal(await access.roleOf(actor, 'acme/SHOP'), 'deployer')
  t.equal(await access.roleOf(actor, 'acme/Secret'), undefined)
  t.equal(await access.roleOf(actor, 'other/shop'), undefined)
  t.equal(await access.roleOf(actor), undefined, 'it is not for all')
  for (const each of [admin, github, actor]) t.equal(await access.isOneOf(each, ['mona', '@acme/ops']), false)
  await tokens.revoke(token.id)
  t.equal(await access.roleOf(actor, shop), undefined)
})
