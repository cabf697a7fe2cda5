// Signing in with GitHub, from the first address to the session.
import t from 'tap'
import { eventually } from '../../fixtures/fleet.ts'
import { openVisitor } from '../../fixtures/visitor.ts'
import { startWithPeople } from '../../fixtures/with-people.ts'

const members = 'access: { organizations: [acme] }'

t.test('a member signs in, is a viewer, and signs out', async (t) => {
  const { sandbox, receiver } = await startWithPeople(t, members)
  sandbox.addPerson('Mona', ['acme'])
  const browser = openVisitor(receiver)
  t.equal((await browser.get('/api/me')).status, 401)

  const begun = await browser.get('/sign-in/github?to=/why/acme/shop/production%3Fx%3D1')
  const address = new URL(begun.location ?? '')
  t.equal(address.origin, sandbox.url)
  t.match(Object.fromEntries(address.searchParams), {
    client_id: 'sandbox-client',
    redirect_uri: 'http://livraison.test/sign-in/github/callback',
    code_challenge_method: 'S256',
    code_challenge: /^[\w-]{43}$/,
    state: /^[\w-]{43}\./,
  })
  t.notOk(address.searchParams.get('scope'), 'nothing but who it is is asked for')

  t.equal(await browser.signInAs('Mona', '/why/acme/shop/production?x=1'), '/why/acme/shop/production?x=1')
  t.strictSame([...browser.cookies.keys()], ['livraison_session'], 'what the flow needed is gone')
  const me = JSON.parse((await browser.get('/api/me')).text)
  t.match(me, { kind: 'person', name: 'Mona', face: 'dashboard', role: 'viewer', token: null })
  t.equal((await browser.get('/api/deployments')).status, 200)
  t.equal((await browser.get('/api/tokens')).status, 403)
  t.same(sandbox.violations, [], 'the token of a person is used for GET /user only')

  t.equal(
    (await browser.post('/sign-out')).location,
    '/sign-in?failed=page',
    'not without the token of a form',
  )
  t.equal((await browser.get('/api/me')).status, 200)
})

t.test('whoever is none of those who may is sent back, and gets no session', async (t) => {
  const { sandbox, receiver, rules } = await startWithPeople(t, members)
  sandbox.addPerson('hubot', ['others'])
  const browser = openVisitor(receiver)
  t.equal(await browser.signInAs('hubot'), '/sign-in?failed=not-allowed')
  t.notOk(browser.cookies.has('livraison_session'))

  rules.put('repositories: {}\naccess: { people: [HUBOT] }')
  t.equal(await browser.signInAs('hubot'), '/', 'logins are compared without case')
  rules.put('repositories: {}\naccess: { people: [mona] }')
  t.match(JSON.parse((await browser.get('/api/deployments')).text), {
    statusCode: 403,
    message: 'This needs the role viewer in all repositories, which hubot does not have.',
  })
  t.match(JSON.parse((await browser.get('/api/me')).text).message, /^hubot may not sign in any more/)
})

t.test('teams, roles and organizations let in', async (t) => {
  const access =
    'access: { teams: ["@acme/ops"], roles: { deployer: ["@Acme/Deployers"], admin: [octocat] } }'
  const { sandbox, receiver } = await startWithPeople(t, access)
  sandbox.addToTeam('acme', 'ops', 'mona')
  sandbox.addToTeam('acme', 'deployers', 'hubot')
  const roleOf = async (login: string) => {
    const browser = openVisitor(receiver)
    t.equal(await browser.signInAs(login), '/')
    return JSON.parse((await browser.get('/api/me')).text).role
  }
  t.equal(await roleOf('mona'), 'viewer')
  t.equal(await roleOf('hubot'), 'deployer')
  t.equal(await roleOf('OctoCat'), 'admin')
})

t.test('who did not begin here, said no, or cannot be asked about does not come in', async (t) => {
  const { sandbox, receiver } = await startWithPeople(t, members)
  sandbox.addPerson('mona', ['acme'])
  const browser = openVisitor(receiver)
  const atGitHub = async () => {
    const begun = await browser.get('/sign-in/github')
    const answer = await fetch(`${begun.location}&login=mona`, { redirect: 'manual' })
    return (answer.headers.get('location') ?? '').replace('http://livraison.test', '')
  }
  const stranger = openVisitor(receiver)
  const back = await atGitHub()
  t.equal((await stranger.get(back)).location, '/sign-in?failed=state', 'the state belongs to a browser')
  t.equal((await browser.get(back.replace(/state=./, 'state=!'))).location, '/sign-in?failed=state')
  t.equal((await browser.get(back)).location, '/')
  t.equal((await browser.get(back)).location, '/sign-in?failed=state', 'and is good once')
  await browser.get('/sign-in/github')
  t.equal(
    (await browser.get('/sign-in/github/callback?error=access_denied&state=x')).location,
    '/sign-in?failed=denied',
  )
  const other = (await atGitHub()).replace(/code=\w+/, 'code=x')
  t.equal((await browser.get(other)).location, '/sign-in?failed=github', 'a code that GitHub did not give')
  sandbox.faults.add({ operation: 'users/get-authenticated', times: 1, answer: { status: 502 } })
  t.equal(await browser.signInAs('mona'), '/sign-in?failed=github')
  await eventually(
    () => receiver.log.some(({ reason }) => String(reason).includes('502')),
    'a line of the log',
  )

  sandbox.addPerson('hubot', ['acme'])
  sandbox.faults.add({ operation: 'orgs/check-membership-for-user', times: 1, answer: 'reset-before' })
  t.equal(await browser.signInAs('hubot'), '/sign-in?failed=unavailable')
  t.equal(await browser.signInAs('hubot'), '/', 'a failure is not remembered as a no')
})

t.test('a sign-in leads to no other site', async (t) => {
  const { sandbox, receiver } = await startWithPeople(t, members)
  sandbox.addPerson('mona', ['acme'])
  for (const to of [
    '//evil.test',
    'https://evil.test/',
    '/\\evil.test',
    '/\t/evil.test',
    'javascript:alert(1)',
    '/..//evil.test',
  ]) {
    t.equal(await openVisitor(receiver).signInAs('mona', to), '/', to)
  }
})

t.test('without an OAuth app, or anybody who may, it says what to set', async (t) => {
  const { receiver } = await startWithPeople(t, members, {})
  t.match((await openVisitor(receiver).get('/sign-in/github')).location, /^http:\/\/127/)
  const { receiver: nobody } = await startWithPeople(t, '')
  t.equal((await openVisitor(nobody).get('/sign-in/github')).location, '/sign-in?failed=nobody')
  t.equal((await openVisitor(nobody).get('/sign-in/github/callback')).location, '/sign-in?failed=nobody')
})

t.test('GitHub is asked once, however often somebody comes', async (t) => {
  const { sandbox, receiver } = await startWithPeople(t, members)
  sandbox.addPerson('mona', ['acme'])
  const browser = openVisitor(receiver)
  await browser.signInAs('mona')
  await Promise.all([1, 2, 3, 4].map(() => browser.get('/api/deployments')))
  const asked = sandbox.requests.filter(({ operationId }) => operationId === 'orgs/check-membership-for-user')
  t.equal(asked.length, 1)
  t.same(sandbox.violations, [])
})
