import { Octokit } from '@octokit/rest'
import t from 'tap'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { receiveHooks } from './receiver.ts'

t.test('a merge is told to a hook, and its deployment reported through the API', async (t) => {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const receiver = await receiveHooks('s3cret')
  t.teardown(() => receiver.close())
  const github = new Octokit({ baseUrl: sandbox.apiUrl, auth: sandbox.token })
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  await sandbox.createHook('acme/shop', { url: receiver.url, secret: 's3cret', contentType: 'form' })
  const pull = await sandbox.openPullRequest('acme/shop', {
    title: 'Say hello',
    files: { 'hello.txt': 'hello\n' },
  })
  const sha = await sandbox.mergePullRequest('acme/shop', pull.number)

  const closed = await receiver.next(
    ({ event, payload }) => event === 'pull_request' && payload.action === 'closed',
  )
  t.match(closed.payload.pull_request, { merged: true, merge_commit_sha: sha, number: 1 })
  t.ok(closed.signed)

  const repo = { owner: 'acme', repo: 'shop' }
  const { data: made } = await github.rest.repos.createDeployment({
    ...repo,
    ref: sha,
    auto_merge: false,
    required_contexts: [],
    payload: { deploy_user: 'octocat' },
  })
  if (!('id' in made)) throw new Error('no deployment was made')
  const deployment = await receiver.next(({ event }) => event === 'deployment')
  t.match(deployment.payload, { action: 'created', deployment: { id: made.id, sha }, workflow_run: null })
  for (const state of ['pending', 'in_progress', 'success'] as const) {
    await github.rest.repos.createDeploymentStatus({ ...repo, deployment_id: made.id, state })
  }
  await receiver.next(
    ({ event, payload }) =>
      event === 'deployment_status' && (payload.deployment_status as { state: string }).state === 'success',
  )
  const statuses = sandbox.deployments('acme/shop')[0]?.statuses.map(({ state }) => state)
  t.same(statuses, ['pending', 'in_progress', 'success'])
  t.same(sandbox.violations, [])
})
