import t from 'tap'
import { startGitHub, statusOf } from './github.ts'
import { receiveHooks } from './receiver.ts'

const SECRET = "It's a Secret to Everybody"

for (const contentType of ['json', 'form'] as const) {
  t.test(`deliveries as ${contentType} are signed over the bytes that are sent`, async (t) => {
    const { sandbox } = await startGitHub(t)
    const receiver = await receiveHooks(SECRET)
    t.teardown(() => receiver.close())
    const hook = await sandbox.createHook('acme/shop', { url: receiver.url, secret: SECRET, contentType })
    const ping = await receiver.next(({ event }) => event === 'ping')
    await sandbox.openPullRequest('acme/shop', { title: 'Größe & Maß: 100 %' })
    const opened = await receiver.next(({ event }) => event === 'pull_request')
    t.match(ping, {
      signed: true,
      payload: { hook_id: hook.id, hook: { config: { content_type: contentType } } },
    })
    t.match(opened, {
      signed: true,
      payload: { action: 'opened', pull_request: { title: 'Größe & Maß: 100 %' } },
    })
    t.match(
      opened.contentType,
      contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded',
    )
    t.match(opened.headers, {
      'user-agent': 'GitHub-Hookshot/sandbox',
      'x-github-hook-id': String(hook.id),
      'x-hub-signature': /^sha1=[0-9a-f]{40}$/,
    })
  })
}

t.test('events are sent only to hooks that asked for them', async (t) => {
  const { sandbox } = await startGitHub(t)
  const receiver = await receiveHooks(SECRET)
  t.teardown(() => receiver.close())
  await sandbox.createHook('acme/shop', {
    url: receiver.url,
    secret: SECRET,
    events: ['push', 'check_suite'],
  })
  const sha = await sandbox.push('acme/shop', { files: { 'a.txt': 'a' }, message: 'Add a' })
  const run = await sandbox.createCheckRun('acme/shop', sha, { name: 'test' })
  await sandbox.completeCheckRun('acme/shop', run.id, 'success')
  const pushed = await receiver.next(({ event }) => event === 'push')
  const suite = await receiver.next(({ event }) => event === 'check_suite')
  t.match(pushed.payload, {
    ref: 'refs/heads/main',
    after: sha,
    commits: [{ message: 'Add a', added: ['a.txt'] }],
  })
  t.match(suite.payload, { action: 'completed', check_suite: { head_sha: sha, conclusion: 'success' } })
  t.same([...new Set(receiver.received.map(({ event }) => event))].sort(), ['check_suite', 'ping', 'push'])
})

t.test('a refused delivery is recorded, and redelivered with the same GUID', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  let answer = 503
  const receiver = await receiveHooks(SECRET, () => answer)
  t.teardown(() => receiver.close())
  const { id } = await sandbox.createHook('acme/shop', { url: receiver.url, secret: SECRET })
  const hook = { ...repo, hook_id: id }
  await sandbox.createDeployment('acme/shop', { ref: 'main' })
  await sandbox.whenever(
    () => sandbox.deliveries().filter(({ statusCode }) => statusCode === 503).length === 2,
  )
  const { data: failed } = await github.repos.listWebhookDeliveries({
    ...hook,
    status: 'failure',
    per_page: 1,
  })
  t.match(failed, [{ event: 'deployment', status_code: 503 }])

  answer = 202
  await github.repos.redeliverWebhookDelivery({ ...hook, delivery_id: Number(failed[0]?.id) })
  const again = await sandbox.whenever(() => sandbox.deliveries().find((each) => each.status === 'OK'))
  t.match(again, { redelivery: true, guid: failed[0]?.guid, event: 'deployment' })
  t.equal(receiver.received.filter(({ guid }) => guid === again.guid).length, 2)

  const { data: all, headers } = await github.repos.listWebhookDeliveries({ ...hook, per_page: 2 })
  t.equal(all.length, 2)
  t.match(headers.link, /cursor=\d+>; rel="next"/)
})

t.test('a lost delivery never arrives', async (t) => {
  const { sandbox } = await startGitHub(t)
  const receiver = await receiveHooks(SECRET)
  t.teardown(() => receiver.close())
  await sandbox.createHook('acme/shop', { url: receiver.url, secret: SECRET })
  sandbox.faults.loseDeliveries({ event: 'deployment', times: 1 })
  sandbox.faults.loseDeliveries({ event: 'push', unrecorded: true })
  await sandbox.createDeployment('acme/shop', { ref: 'main' })
  await sandbox.push('acme/shop')
  const lost = await sandbox.whenever(() => sandbox.deliveries().find(({ event }) => event === 'deployment'))
  t.equal(lost.status, 'failed to connect to host')
  sandbox.redeliver(lost.guid)
  await receiver.next(({ event }) => event === 'deployment')
  t.notOk(sandbox.deliveries().some(({ event }) => event === 'push'))
})

t.test('a deployment of GitHub Actions says so; inactive is told to nobody', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const receiver = await receiveHooks(SECRET)
  t.teardown(() => receiver.close())
  await sandbox.createHook('acme/shop', { url: receiver.url, secret: SECRET })
  await sandbox.createDeployment('acme/shop', { ref: 'main', workflowRun: true })
  const foreign = await receiver.next(({ event }) => event === 'deployment')
  t.match(foreign.payload, {
    workflow_run: { event: 'push' },
    deployment: {
      creator: { login: 'github-actions[bot]', type: 'Bot' },
      performed_via_github_app: { slug: 'github-actions' },
    },
  })
  const deployment_id = sandbox.deployments('acme/shop')[0]?.id ?? 0
  for (const state of ['inactive', 'success'] as const) {
    await github.repos.createDeploymentStatus({ ...repo, deployment_id, state })
  }
  await receiver.next(({ event }) => event === 'deployment_status')
  const told = receiver.received.filter(({ event }) => event === 'deployment_status')
  t.match(told, [{ payload: { deployment_status: { state: 'success' } } }])
  t.equal(told.length, 1)
  t.equal(await statusOf(github.repos.redeliverWebhookDelivery({ ...repo, hook_id: 1, delivery_id: 1 })), 404)
})
