import { request } from 'node:http'
import t from 'tap'
import { startGitHub, statusOf } from './github.ts'

t.test('requests that GitHub would refuse are refused and recorded', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  await sandbox.createDeployment('acme/shop', { ref: 'main' })
  const one = { ...repo, deployment_id: sandbox.deployments('acme/shop')[0]?.id ?? 0 }
  const bad = (value: unknown) => value as never
  const cases: [string, () => Promise<{ status: number; data: unknown }>, number, RegExp][] = [
    ['a missing field', () => github.repos.createDeployment(bad(repo)), 422, /missing/],
    [
      'a wrong type',
      () => github.repos.createDeployment({ ...repo, ref: bad(7) }),
      422,
      /ref: must be string/,
    ],
    [
      'a word not listed',
      () => github.repos.createDeploymentStatus({ ...one, state: bad('done') }),
      422,
      /in_progress/,
    ],
    [
      'a typo',
      () => github.repos.createDeployment({ ...repo, ref: 'main', ...(bad({ enviroment: 'x' }) as object) }),
      422,
      /enviroment/,
    ],
    [
      'a long description',
      () => github.repos.createDeploymentStatus({ ...one, state: 'success', description: 'é'.repeat(141) }),
      422,
      /140/,
    ],
    ['an unknown filter value', () => github.pulls.list({ ...repo, state: bad('merged') }), 422, /state/],
  ]
  for (const [name, refused, status, problem] of cases) {
    const before = sandbox.violations.length
    t.equal(await statusOf(refused()), status, name)
    t.match(
      sandbox.violations.slice(before).map(({ problems }) => problems.join()),
      [problem],
      name,
    )
    sandbox.violations.length = before
  }
  t.equal(sandbox.deployments('acme/shop').length, 1)
  const exact = { ...one, state: 'success' as const, description: '🚀'.repeat(140) }
  t.equal(await statusOf(github.repos.createDeploymentStatus(exact)), 201)
  t.same(sandbox.violations, [])
})

t.test('strangers, unknown paths and requests without User-Agent', async (t) => {
  const { sandbox } = await startGitHub(t)
  const get = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const url = `${sandbox.apiUrl}${path}`
      request(url, { headers }, (answer) => resolve(answer.resume().statusCode))
        .once('error', reject)
        .end()
    })
  const authorization = `Bearer ${sandbox.token}`
  t.equal(await get('/repos/acme/shop', { 'user-agent': 'test' }), 401)
  t.equal(await get('/repos/acme/shop', { 'user-agent': 'test', authorization: 'token wrong' }), 401)
  t.equal(sandbox.violations.length, 0)
  t.equal(await get('/repos/acme/shop', { authorization }), 403)
  t.equal(await get('/repos/acme/shop/deploys', { 'user-agent': 'test', authorization }), 404)
  t.equal(await get('/repos/acme/shop/traffic/views', { 'user-agent': 'test', authorization }), 501)
  t.match(
    sandbox.violations.map(({ problems }) => problems[0]),
    [/User-Agent/, /no GET/, /does not know/],
  )
  t.notMatch(JSON.stringify(sandbox.requests), sandbox.token)
})
