import t from 'tap'
import { outcomeOf, startGitHub, statusOf } from './github.ts'

t.test('faults strike what they name, as often as they say', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const body = { message: 'You have exceeded a secondary rate limit.' }
  const headers = { 'retry-after': '1' }
  const fault = sandbox.faults.add({
    operation: 'repos/get',
    times: 1,
    answer: { status: 403, headers, body },
  })
  t.match(await outcomeOf(github.repos.get(repo)), { status: 403, data: body })
  t.equal(await statusOf(github.repos.get(repo)), 200)
  t.equal(fault.hits, 1)
  sandbox.faults.add({ method: 'GET', path: /deployments$/, answer: { status: 502 } })
  t.equal(await statusOf(github.repos.listDeployments(repo)), 502)
  t.equal(await statusOf(github.repos.get(repo)), 200)
  sandbox.faults.clear()
  t.equal(await statusOf(github.repos.listDeployments(repo)), 200)
  t.same(
    sandbox.requests.map(({ status, fault }) => [status, fault !== null]),
    [
      [403, true],
      [200, false],
      [502, true],
      [200, false],
      [200, false],
    ],
  )
})

t.test('a connection is cut before or after the effect', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const create = () => github.repos.createDeployment({ ...repo, ref: 'main' })
  sandbox.faults.add({ operation: /create-deployment$/, times: 1, answer: 'reset-before' })
  await t.rejects(create())
  t.equal(sandbox.deployments('acme/shop').length, 0)
  sandbox.faults.add({ operation: /create-deployment$/, times: 1, answer: 'drop-after' })
  await t.rejects(create())
  t.equal(sandbox.deployments('acme/shop').length, 1)
  sandbox.faults.add({ operation: /create-deployment$/, times: 1, answer: 'reset-after' })
  // Octokit takes the status and hides that the body was cut.
  t.match(await create(), { status: 201, data: '' })
  t.equal(sandbox.deployments('acme/shop').length, 2)
  t.match(sandbox.requests, [
    { status: 0, body: { ref: 'main' } },
    { status: 0, body: { ref: 'main' } },
    { status: 201, body: { ref: 'main' } },
  ])
})

t.test('a hanging request ends when the client gives up, a slow one in the end', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  sandbox.faults.add({ operation: 'repos/get', times: 1, answer: 'hang' })
  const patience = new AbortController()
  const hanging = github.repos.get({ ...repo, request: { signal: patience.signal } })
  await sandbox.whenever(() => sandbox.requests[0]?.fault)
  patience.abort()
  await t.rejects(hanging)
  sandbox.faults.add({ operation: 'repos/get', answer: { delayMs: 20 } })
  t.equal(await statusOf(github.repos.get(repo)), 200)
})

t.test('whenever says what it waited for in vain', async (t) => {
  const { sandbox } = await startGitHub(t)
  const waiting = sandbox.whenever(() => false, { what: 'pigs to fly', timeoutMs: 5 })
  await t.rejects(waiting, { message: 'Waited 5 ms in vain for: pigs to fly' })
  t.equal(await sandbox.whenever(() => sandbox.repository('acme/shop').name), 'shop')
})
