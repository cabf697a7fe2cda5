import t from 'tap'
import { outcomeOf, startGitHub, statusOf } from './github.ts'

const plain = { auto_merge: false, required_contexts: [] }

t.test('auto_merge: 202 while behind the default branch, 409 on conflict', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  await sandbox.push('acme/shop', { branch: 'topic', files: { 'a.txt': 'a' } })
  await sandbox.push('acme/shop', { branch: 'clash', files: { 'README.md': 'theirs' } })
  await sandbox.push('acme/shop', { files: { 'README.md': 'ours' } })
  const first = await github.repos.createDeployment({ ...repo, ref: 'topic' })
  t.match(first, { status: 202, data: { message: 'Auto-merged main into topic on deployment.' } })
  t.same(sandbox.deployments('acme/shop'), [])
  const second = await github.repos.createDeployment({ ...repo, ref: 'topic' })
  t.match(second, { status: 201, data: { sha: sandbox.repository('acme/shop').branches.get('topic') } })
  t.match(await outcomeOf(github.repos.createDeployment({ ...repo, ref: 'clash' })), {
    status: 409,
    data: { message: 'Conflict merging main into clash.' },
  })
})

t.test('required_contexts: statuses and check runs must be green', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  await sandbox.createCommitStatus('acme/shop', 'main', { state: 'pending', context: 'ci' })
  const run = await sandbox.createCheckRun('acme/shop', 'main', { name: 'lint', conclusion: 'success' })
  t.match(await outcomeOf(github.repos.createDeployment({ ...repo, ref: 'main' })), {
    status: 409,
    data: { errors: [{ contexts: [{ context: 'ci', state: 'pending' }], field: 'required_contexts' }] },
  })
  t.equal(
    await statusOf(github.repos.createDeployment({ ...repo, ref: 'main', required_contexts: ['lint'] })),
    201,
  )
  t.equal(await statusOf(github.repos.createDeployment({ ...repo, ref: 'main', required_contexts: [] })), 201)
  await sandbox.createCommitStatus('acme/shop', 'main', { state: 'success', context: 'CI' })
  t.equal(await statusOf(github.repos.createDeployment({ ...repo, ref: run.sha })), 201)
  t.equal(await statusOf(github.repos.createDeployment({ ...repo, ref: 'nowhere' })), 422)
  const { data } = await github.repos.getCombinedStatusForRef({ ...repo, ref: 'main' })
  t.match(data, { state: 'success', total_count: 1 })
  t.same(sandbox.violations, [])
})

t.test('a success makes its predecessors inactive, save in production', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const states = async (environment: string) => {
    for (const _ of [1, 2]) {
      const { data } = await github.repos.createDeployment({ ...repo, ...plain, ref: 'main', environment })
      const deployment_id = 'id' in data ? data.id : 0
      await github.repos.createDeploymentStatus({ ...repo, deployment_id, state: 'success' })
    }
    const { data } = await github.repos.listDeployments({ ...repo, environment })
    const newest = data.map(({ id }) => sandbox.deployments('acme/shop').find((each) => each.id === id))
    return newest.map((deployment) => deployment?.statuses.at(-1)?.state)
  }
  t.same(await states('staging'), ['success', 'inactive'])
  t.same(await states('production'), ['success', 'success'])
})

t.test('lists are newest first, filtered, and paged by Link headers', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  for (const environment of ['a', 'b', 'a', 'a']) {
    await sandbox.createDeployment('acme/shop', { ref: 'main', environment })
  }
  const ids = sandbox.deployments('acme/shop').map(({ id }) => id)
  const first = await github.repos.listDeployments({ ...repo, environment: 'a', per_page: 2 })
  t.same(
    first.data.map(({ id }) => id),
    [ids[3], ids[2]],
  )
  t.match(first.headers.link, /<[^>]*environment=a[^>]*page=2>; rel="next"/)
  const second = await github.repos.listDeployments({ ...repo, environment: 'a', per_page: 2, page: 2 })
  t.same(
    second.data.map(({ id }) => id),
    [ids[0]],
  )
})

t.test('statuses: newest first, log_url sets target_url, environment may change', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  await sandbox.createDeployment('acme/shop', { ref: 'main' })
  const one = { ...repo, deployment_id: sandbox.deployments('acme/shop')[0]?.id ?? 0 }
  const log_url = 'http://127.0.0.1/log'
  await github.repos.createDeploymentStatus({ ...one, state: 'pending', log_url })
  await github.repos.createDeploymentStatus({ ...one, state: 'success', environment: 'blue' })
  const { data } = await github.repos.listDeploymentStatuses(one)
  t.match(data, [
    { state: 'success', environment: 'blue' },
    { state: 'pending', target_url: log_url, log_url },
  ])
  t.match((await github.repos.getDeployment(one)).data, {
    environment: 'blue',
    original_environment: 'production',
  })
})
