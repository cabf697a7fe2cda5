// Signing in as a GitHub App: whose token signs which call, and what is said where there is none.
import { generateKeyPairSync } from 'node:crypto'
import { pino } from 'pino'
import t from 'tap'
import { appAuth } from '../../../../src/github/app/app-auth.ts'
import { jwtAuth } from '../../../../src/github/app/jwt-auth.ts'
import { NoInstallation } from '../../../../src/github/app/no-installation.ts'
import { createWhoIsOurApp } from '../../../../src/github/app/our-app.ts'
import { createGitHub } from '../../../../src/github/client.ts'
import { GitHubRefusal, GitHubUnavailable } from '../../../../src/github/failure.ts'
import { isInOrganization, isInTeam } from '../../../../src/github/memberships.ts'
import { createPause } from '../../../../src/github/pause.ts'
import { getRepository } from '../../../../src/github/repositories.ts'
import { countOf, startAppClient } from '../../../fixtures/app-client.ts'

const shop = { owner: 'acme', repo: 'shop' }
const lab = { owner: 'umbrella', repo: 'lab' }

t.test('each account has its own token, which is asked for once however many want it', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  sandbox.installApp(app, 'umbrella')
  const repos = [shop, { ...shop, repo: 'site' }, lab]
  await Promise.all([...repos, ...repos, ...repos].map((each) => github.rest.repos.get(each)))
  const tokens = sandbox.installationTokens()
  t.same(tokens.map(({ installation }) => installation.account.login).sort(), ['acme', 'umbrella'])
  t.ok(
    tokens.every(({ token }) => token.length > 200),
    'long ones are taken',
  )
  t.ok(countOf(sandbox, 'apps/get-repo-installation') <= 3)
  sandbox.addToTeam('umbrella', 'leads', 'ida')
  t.equal(await isInTeam(github, '@umbrella/leads', 'ida'), true)
  t.equal(await isInOrganization(github, 'umbrella', 'ida'), true)
  t.equal(await isInOrganization(github, 'acme', 'ida'), false)
  t.equal(sandbox.installationTokens().length, 2)
  t.equal(countOf(sandbox, 'apps/get-org-installation'), 0, 'the account is known')
  t.same(sandbox.violations, [])
})

t.test('a token that GitHub takes no more is asked for anew, once', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  await github.rest.repos.get(shop)
  sandbox.expireInstallationTokens()
  await github.rest.repos.createDeployment({ ...shop, ref: 'main', auto_merge: false, required_contexts: [] })
  t.equal(sandbox.deployments('acme/shop').length, 1)
  t.equal(sandbox.installationTokens().length, 2)
  sandbox.faults.add({
    operation: 'repos/get',
    answer: { status: 401, body: { message: 'Bad credentials' } },
  })
  await t.rejects(github.rest.repos.get(shop), { reason: 'unauthorized', message: /still know this App/ })
  t.equal(sandbox.installationTokens().length, 3, 'and no more than once')
})

t.test('where the App is suspended or gone, it is said in words what to do', async (t) => {
  const { sandbox, app, github, auth } = await startAppClient(t)
  const page = `${sandbox.url}/apps/livraison-of-acme/installations/new`
  const ask = () => github.rest.repos.get(shop)
  await t.rejects(
    ask(),
    new NoInstallation(`The GitHub App is not installed on acme/shop: install it at ${page}`),
  )
  const installation = sandbox.installApp(app, 'acme')
  await ask()
  sandbox.suspendInstallation(installation, 'mona')
  const url = `${sandbox.url}/organizations/acme/settings/installations/${installation.id}`
  const words = `The GitHub App is suspended on acme by mona, who can lift that at ${url}`
  await t.rejects(ask(), new NoInstallation(words), 'with a token that was good before')
  await t.rejects(auth.tokenFor({ owner: 'acme', name: 'shop' }, { contents: 'read' }), { message: words })
  sandbox.unsuspendInstallation(installation)
  await ask()
  sandbox.uninstallApp(installation)
  await t.rejects(ask(), { name: 'NoInstallation', message: /not installed on acme\/shop/ })
  sandbox.installApp(app, 'acme', ['acme/site'])
  await t.rejects(ask(), { name: 'NoInstallation', message: /not installed on acme\/shop/ })
  await github.rest.repos.get({ ...shop, repo: 'site' })
  await t.rejects(
    github.rest.teams.getMembershipForUserInOrg({ org: 'umbrella', team_slug: 'x', username: 'y' }),
    {
      message: /not installed on umbrella/,
    },
  )
})

t.test('a repository that is taken from the App is not taken for one without the branch', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  const installation = sandbox.installApp(app, 'acme', ['acme/shop'])
  await t.rejects(github.rest.repos.getBranch({ ...shop, branch: 'none' }), {
    name: 'GitHubRefusal',
    message: /answered 404/,
  })
  const other = sandbox.installApp(app, 'umbrella', ['umbrella/lab'])
  await github.rest.repos.get(lab)
  sandbox.selectRepositories(other, [])
  await t.rejects(github.rest.repos.getBranch({ ...lab, branch: 'main' }), { name: 'NoInstallation' })
  t.equal(installation.suspendedAt, null)
})

t.test('a permission that the App lacks is named', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  const installation = sandbox.installApp(app, 'acme')
  installation.permissions = { metadata: 'read', contents: 'read' }
  const words = /lacks the permission deployments=write on acme: .* accept it at http.*installations/
  const wish = { ...shop, ref: 'main', auto_merge: false, required_contexts: [] }
  await t.rejects(github.rest.repos.createDeployment(wish), {
    name: 'GitHubRefusal',
    status: 403,
    message: words,
  })
})

t.test('a permission that was accepted counts at once, though the token is older', async (t) => {
  const { sandbox, app, privateKey, redis, prefix } = await startAppClient(t)
  const installation = sandbox.installApp(app, 'acme')
  installation.permissions = { metadata: 'read', contents: 'read' }
  const log = pino({ level: 'silent' })
  const toGitHub = { apiUrl: sandbox.apiUrl, log, pause: createPause(redis, prefix, log) }
  const jwt = jwtAuth({ id: app.id, privateKey })
  const asApp = createGitHub({ ...toGitHub, auth: jwt })
  let now = 0
  const auth = appAuth({ jwt, app: asApp, ourApp: createWhoIsOurApp(asApp), log, now: () => now })
  const github = createGitHub({ ...toGitHub, auth })
  const wish = { ...shop, ref: 'main', auto_merge: false, required_contexts: [] }
  for (const made of [1, 1]) {
    await t.rejects(github.rest.repos.createDeployment(wish), { message: /lacks the permission deployments/ })
    t.equal(sandbox.installationTokens().length, made, 'one that is new is not made anew')
  }
  now = 60_000
  await t.rejects(github.rest.repos.createDeployment(wish), { message: /lacks the permission deployments/ })
  installation.permissions = { ...app.permissions }
  now = 120_000
  await github.rest.repos.createDeployment(wish)
  t.equal(sandbox.deployments('acme/shop').length, 1)
  t.equal(sandbox.installationTokens().length, 3)
  t.same(sandbox.violations, [])
})

t.test('a token that is handed on is for one repository and the least permissions', async (t) => {
  const { sandbox, app, auth } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  const ask = () => auth.tokenFor({ owner: 'acme', name: 'shop' }, { contents: 'read' })
  const [token, same] = await Promise.all([ask(), ask()])
  t.equal(token, same)
  const given = sandbox.installationTokens().find((each) => each.token === token)
  t.same(given?.permissions, { metadata: 'read', contents: 'read' })
  t.same([...(given?.narrowedTo ?? [])], [sandbox.repository('acme/shop').id])
})

t.test('lists go on by the id of the repository, and so does what only names that', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  for (let count = 0; count < 3; count++) await sandbox.createDeployment('acme/shop', { ref: 'main' })
  const all = await github.paginate(github.rest.repos.listDeployments, { ...shop, per_page: 1 })
  t.equal(all.length, 3)
  const { id } = sandbox.repository('acme/shop')
  sandbox.renameRepository('acme/shop', 'acme/store')
  t.match(await getRepository(github, { id, owner: 'acme', name: 'shop' }), { full_name: 'acme/store' })
})

t.test('what only a person may ask is not asked', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  sandbox.installApp(app, 'acme')
  await t.rejects(github.rest.users.getAuthenticated(), {
    name: 'GitHubRefusal',
    message: /no account of its own: it cannot ask GET \/user/,
  })
  t.equal(countOf(sandbox, 'users/get-authenticated'), 0)
})

t.test(
  'a key that is not the App’s is told as such, and no other account waits for one’s limits',
  async (t) => {
    const { sandbox, app, signIn, github } = await startAppClient(t)
    sandbox.installApp(app, 'acme')
    sandbox.installApp(app, 'umbrella')
    sandbox.faults.add({
      ...{ operation: 'repos/get', path: /acme/, times: 1 },
      answer: {
        status: 403,
        headers: { 'retry-after': '30' },
        body: { message: 'You have exceeded a rate limit' },
      },
    })
    await t.rejects(github.rest.repos.get(shop), {
      name: 'GitHubUnavailable',
      message: /exceeded a rate limit/,
    })
    await t.rejects(github.rest.repos.get(shop), /left alone for/)
    await github.rest.repos.get(lab)
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const stranger = signIn(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()).github
    const refused = await stranger.rest.repos.get(lab).catch((error: unknown) => error)
    t.ok(refused instanceof GitHubUnavailable && !(refused instanceof GitHubRefusal))
    t.match(refused, { reason: 'unauthorized', message: /GITHUB_APP_ID and the private key/ })
  },
)

t.test('what is of no account is asked with the token of any installation that is good', async (t) => {
  const { sandbox, app, github } = await startAppClient(t)
  await t.rejects(github.rest.meta.get(), {
    name: 'NoInstallation',
    message: /is installed nowhere: install it at http.*\/apps\/livraison-of-acme\/installations\/new/,
  })
  const suspended = sandbox.installApp(app, 'acme')
  sandbox.suspendInstallation(suspended, 'mona')
  const other = sandbox.installApp(app, 'umbrella')
  await Promise.all([github.rest.meta.get(), github.rest.meta.get()])
  t.same(
    sandbox.installationTokens().map(({ installation }) => installation.account.login),
    ['umbrella'],
  )
  sandbox.unsuspendInstallation(suspended)
  sandbox.suspendInstallation(other, 'mona')
  await github.rest.meta.get()
  t.same(sandbox.violations, [])
})
