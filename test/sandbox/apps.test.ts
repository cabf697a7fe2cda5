// GitHub Apps in the sandbox: what GitHub gives them, and what it refuses.
import { createPrivateKey, sign } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import t, { type Test } from 'tap'
import { describeGitHub } from '../../sandbox/description/description.ts'
import { startGitHub, statusOf } from './github.ts'
import { receiveHooks } from './receiver.ts'

const SECRET = "It's a Secret to Everybody"

function jwtOf(key: string, claims: object, alg = 'RS256'): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const text = `${encode({ alg, typ: 'JWT' })}.${encode(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), createPrivateKey(key)).toString('base64url')}`
}

async function startApp(t: Test) {
  const { sandbox, repo } = await startGitHub(t)
  const made = sandbox.registerApp({
    ...{ name: 'Ship it', owner: 'mona', webhookSecret: SECRET },
    permissions: { contents: 'write', deployments: 'write', members: 'read' },
    events: ['deployment'],
  })
  const wrong: string[] = []
  const clientWith = (auth: string) => {
    const github = new Octokit({ baseUrl: sandbox.apiUrl, auth })
    github.hook.after('request', (response, { method }) => {
      const operation = describeGitHub().match(method, new URL(response.url).pathname.replace('/api/v3', ''))
      if (!operation) throw new Error(`no operation for ${response.url}`)
      const body = response.status === 204 ? undefined : response.data
      wrong.push(...describeGitHub().problemsOfAnswer(operation, response.status, body))
    })
    return github.rest
  }
  const now = Math.floor(Date.now() / 1000)
  const claims = { iat: now - 60, exp: now + 300, iss: made.app.id }
  return {
    sandbox,
    repo,
    ...made,
    wrong,
    clientWith,
    claims,
    asApp: clientWith(jwtOf(made.privateKey, claims)),
  }
}

t.test('answers have the shape that GitHub describes', async (t) => {
  const { sandbox, repo, app, wrong, asApp, clientWith } = await startApp(t)
  const receiver = await receiveHooks(SECRET)
  t.teardown(() => receiver.close())
  Object.assign(app.hook, { url: receiver.url, active: true })
  const { id } = sandbox.installApp(app, 'acme')
  await asApp.apps.getAuthenticated()
  t.match((await asApp.apps.listInstallations()).data, [{ id, suspended_at: null }])
  await asApp.apps.getInstallation({ installation_id: id })
  await asApp.apps.getRepoInstallation(repo)
  await asApp.apps.getOrgInstallation({ org: 'acme' })
  const { data } = await asApp.apps.createInstallationAccessToken({ installation_id: id })
  const installed = clientWith(data.token)
  await installed.apps.listReposAccessibleToInstallation()
  const { data: deployment } = await installed.repos.createDeployment({
    ...repo,
    ref: 'main',
    required_contexts: [],
  })
  t.match(deployment, {
    creator: { login: 'ship-it[bot]', type: 'Bot' },
    performed_via_github_app: { id: app.id },
  })
  const delivered = await receiver.next(({ event }) => event === 'deployment')
  t.match(delivered, {
    signed: true,
    payload: { installation: { id } },
    headers: {
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': String(app.id),
    },
  })
  await receiver.next(({ event }) => event === 'installation')
  await asApp.apps.getWebhookConfigForApp()
  await sandbox.whenever(() => app.hook.deliveries.every(({ status }) => status === 'OK'))
  const { data: listed } = await asApp.apps.listWebhookDeliveries()
  t.match(listed, [
    { event: 'deployment', installation_id: id, repository_id: sandbox.repository('acme/shop').id },
    { event: 'installation', action: 'created', installation_id: id, repository_id: null },
  ])
  await asApp.apps.redeliverWebhookDelivery({ delivery_id: listed[0]?.id ?? 0 })
  await receiver.next(({ event }) => event === 'deployment')
  await installed.apps.revokeInstallationAccessToken()
  t.equal(await statusOf(installed.apps.listReposAccessibleToInstallation()), 401)
  // Of a list of installations, GitHub describes an account as a user and an enterprise at once.
  t.same(
    wrong.filter((problem) => !problem.startsWith('200/0/account: ')),
    [],
  )
})

t.test('a token of an installation is good for what it was given for', async (t) => {
  const { sandbox, repo, app, asApp, clientWith } = await startApp(t)
  await sandbox.createRepository({ owner: 'acme', name: 'site' })
  await sandbox.createRepository({ owner: 'umbrella', name: 'lab' })
  const { id } = sandbox.installApp(app, 'acme')
  const ask = (narrow: object) => asApp.apps.createInstallationAccessToken({ installation_id: id, ...narrow })
  const narrow = clientWith(
    (await ask({ repositories: ['shop'], permissions: { contents: 'read' } })).data.token,
  )
  t.equal(await statusOf(narrow.repos.get(repo)), 200)
  t.equal(await statusOf(narrow.repos.get({ owner: 'acme', repo: 'site' })), 404)
  t.equal(await statusOf(narrow.repos.listDeployments(repo)), 403)
  t.equal(await statusOf(narrow.users.getAuthenticated()), 403)
  t.equal(await statusOf(ask({ permissions: { checks: 'read' } })), 422, 'no more than was granted')
  t.equal(await statusOf(ask({ repositories: ['lab'] })), 422)
  const whole = clientWith((await ask({})).data.token)
  t.equal(await statusOf(whole.repos.get({ owner: 'umbrella', repo: 'lab' })), 404)
  t.equal(
    await statusOf(whole.teams.getMembershipForUserInOrg({ org: 'umbrella', team_slug: 'a', username: 'b' })),
    403,
  )
  sandbox.suspendInstallation(sandbox.installationOf(app, 'acme'))
  t.equal(await statusOf(whole.repos.get(repo)), 403)
  t.equal(await statusOf(ask({})), 403)
})

t.test('an App’s word for itself is looked at closely', async (t) => {
  const { sandbox, privateKey, app, claims, clientWith } = await startApp(t)
  const other = sandbox.registerApp({ name: 'Another', owner: 'mona' })
  const ask = (token: string) => statusOf(clientWith(token).apps.getAuthenticated())
  t.equal(await ask(jwtOf(privateKey, claims)), 200)
  t.equal(await ask(jwtOf(privateKey, { ...claims, iss: app.clientId })), 200)
  const bad = [
    jwtOf(other.privateKey, claims),
    jwtOf(privateKey, claims, 'none'),
    jwtOf(privateKey, { ...claims, iss: 1 }),
    jwtOf(privateKey, { ...claims, exp: claims.iat }),
    jwtOf(privateKey, { ...claims, exp: claims.exp + 1000 }),
    jwtOf(privateKey, { ...claims, iat: claims.exp }),
    'eyJ.eyJ.x',
  ]
  for (const token of bad) t.equal(await ask(token), 401)
  const repo = { owner: 'acme', repo: 'shop' }
  t.equal(
    await statusOf(clientWith(jwtOf(privateKey, claims)).repos.get(repo)),
    403,
    'it opens no repository',
  )
})
