// Signing in with GitHub, as its documentation has it, and what is told of people.
import { createHash } from 'node:crypto'
import { Octokit } from '@octokit/rest'
import t, { type Test } from 'tap'
import { describeGitHub } from '../../sandbox/description/description.ts'
import { startGitHub, statusOf } from './github.ts'

const back = 'http://livraison.test/back'
const verifier = 'v'.repeat(43)
const challenge = createHash('sha256').update(verifier).digest('base64url')

async function startOAuth(t: Test) {
  const { sandbox } = await startGitHub(t)
  const { id, secret } = sandbox.oauthApp()
  const authorize = (query: Record<string, string>) => {
    const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }
    const all = { client_id: id, redirect_uri: back, state: 'abc', ...pkce, ...query }
    return fetch(`${sandbox.url}/login/oauth/authorize?${new URLSearchParams(all)}`, { redirect: 'manual' })
  }
  const codeFor = async (login: string) => {
    const location = new URL((await authorize({ login })).headers.get('location') ?? '')
    t.equal(`${location.origin}${location.pathname}`, back)
    t.equal(location.searchParams.get('state'), 'abc')
    return location.searchParams.get('code') ?? ''
  }
  const exchange = async (fields: Record<string, string>) => {
    const all = { client_id: id, client_secret: secret, code_verifier: verifier, ...fields }
    const answer = await fetch(`${sandbox.url}/login/oauth/access_token`, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(all),
    })
    t.equal(answer.status, 200, 'whatever it says')
    return (await answer.json()) as { access_token: string; error: string }
  }
  return { sandbox, authorize, codeFor, exchange }
}

t.test('a code is good for one token, and the token for who somebody is', async (t) => {
  const { sandbox, codeFor, exchange } = await startOAuth(t)
  const code = await codeFor('mona')
  const { access_token } = await exchange({ code, redirect_uri: back })
  t.match(access_token, /^gho_/)
  t.match(await exchange({ code }), { error: 'bad_verification_code' }, 'only once')
  const { rest } = new Octokit({ baseUrl: sandbox.apiUrl, auth: access_token })
  t.match(await rest.users.getAuthenticated(), { data: { login: 'mona' } })
  t.equal(await statusOf(rest.repos.get({ owner: 'acme', repo: 'shop' })), 403)
  t.match(sandbox.violations, [{ operationId: 'repos/get' }], 'and that is told')
})

t.test('what is wrong gives no token', async (t) => {
  const { authorize, codeFor, exchange } = await startOAuth(t)
  const wrong = async (fields: Record<string, string>) =>
    (await exchange({ code: await codeFor('mona'), ...fields })).error
  t.equal(await wrong({ code: 'x' }), 'bad_verification_code')
  t.equal(await wrong({ code_verifier: 'w'.repeat(43) }), 'bad_verification_code')
  t.equal(await wrong({ client_secret: 'x' }), 'incorrect_client_credentials')
  t.equal(await wrong({ redirect_uri: 'http://elsewhere.test/' }), 'redirect_uri_mismatch')
  t.equal((await authorize({ client_id: 'x' })).status, 404)
  t.equal((await authorize({ redirect_uri: 'javascript:alert(1)' })).status, 400)
  t.equal((await authorize({ code_challenge_method: 'plain' })).status, 400)
})

t.test('the page lists people, and a way to say no', async (t) => {
  const { sandbox, authorize } = await startOAuth(t)
  sandbox.addPerson('mona', ['acme'])
  const page = await (await authorize({})).text()
  t.match(page, />mona<\/a>/)
  t.match(page, />livraison-bot<\/a>/)
  t.notMatch(page, />acme<\/a>/, 'organizations do not sign in')
  t.match(page, /href="http:\/\/livraison\.test\/back\?error=access_denied&amp;/)
})

t.test('what GitHub says of people, in its own shapes', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  sandbox.addToTeam('Acme', 'deployers', 'Mona')
  const memberOf = (org: string, username: string) =>
    statusOf(github.orgs.checkMembershipForUser({ org, username }))
  t.equal(await memberOf('acme', 'mona'), 204)
  t.equal(await memberOf('acme', 'hubot'), 404)
  t.equal(await memberOf('other', 'mona'), 404)
  const team = (username: string) =>
    statusOf(github.teams.getMembershipForUserInOrg({ org: 'acme', team_slug: 'deployers', username }))
  t.equal(await team('mona'), 200)
  t.equal(await team('hubot'), 404)
  const wanted = { maintain: 'write', triage: 'read', admin: 'admin', write: 'write', none: 'none' } as const
  for (const [role, permission] of Object.entries(wanted)) {
    sandbox.setPermission('acme/shop', 'mona', role as keyof typeof wanted)
    const { data, status } = await github.repos.getCollaboratorPermissionLevel({ ...repo, username: 'mona' })
    t.match(data, { permission, role_name: role })
    const operation = describeGitHub().match('GET', '/repos/acme/shop/collaborators/mona/permission')
    t.same(operation && describeGitHub().problemsOfAnswer(operation, status, data), [])
  }
  sandbox.removePerson('acme', 'mona')
  t.strictSame([await memberOf('acme', 'mona'), await team('mona')], [404, 404])
  t.same(sandbox.violations, [])
})
