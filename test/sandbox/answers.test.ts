import { Octokit } from '@octokit/rest'
import t from 'tap'
import { describeGitHub } from '../../sandbox/description/description.ts'
import { startSandbox } from '../../sandbox/sandbox.ts'

/** A client that holds every answer against the schema that GitHub gives for it. */
async function strictClient(t: { teardown: (close: () => Promise<void>) => void }) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const wrong: string[] = []
  const github = new Octokit({ baseUrl: sandbox.apiUrl, auth: sandbox.token })
  github.hook.after('request', (response, { method }) => {
    const path = new URL(response.url).pathname.replace('/api/v3', '')
    const operation = describeGitHub().match(method, path)
    if (!operation) throw new Error(`no operation for ${method} ${path}`)
    const body = response.status === 204 ? undefined : response.data
    const problems = describeGitHub().problemsOfAnswer(operation, response.status, body)
    wrong.push(...problems.map((problem) => `${operation.id}: ${problem}`))
  })
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  return { sandbox, github, wrong, repo: { owner: 'acme', repo: 'shop' } }
}

t.test('answers have the shape that GitHub describes', async (t) => {
  const { sandbox, github, wrong, repo } = await strictClient(t)
  const { rest } = github
  const pull = await sandbox.openPullRequest('acme/shop', { title: 'Say hello', labels: ['automerge'] })
  const sha = pull.head.sha
  sandbox.protectBranch('acme/shop', 'main', {
    contexts: ['ci/test'],
    ruleContexts: ['ci/lint'],
    ruleApp: 15368,
    reviews: 1,
    ruleReviews: 2,
    mergeQueue: true,
    linearHistory: true,
  })

  await t.test('repositories, users, limits', async () => {
    await rest.repos.get(repo)
    await rest.repos.getCollaboratorPermissionLevel({ ...repo, username: 'octocat' })
    await rest.users.getAuthenticated()
    await rest.users.getByUsername({ username: 'octocat' })
    await rest.rateLimit.get()
    await rest.meta.get()
  })

  await t.test('branches and commits', async (t) => {
    await rest.repos.listBranches(repo)
    await rest.repos.getBranch({ ...repo, branch: 'main' })
    await rest.repos.getBranchRules({ ...repo, branch: 'main' })
    t.match((await rest.repos.listActivities({ ...repo, ref: pull.head.ref })).data, [{ after: sha }])
    await rest.repos.getBranchProtection({ ...repo, branch: 'main' })
    await rest.repos.getStatusChecksProtection({ ...repo, branch: 'main' })
    await rest.repos.getCommit({ ...repo, ref: sha })
    await rest.repos.getCommit({ ...repo, ref: pull.head.ref })
    await rest.repos.listCommits(repo)
    await rest.git.getRef({ ...repo, ref: 'heads/main' })
    await rest.git.getCommit({ ...repo, commit_sha: sha })
    const compared = await rest.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `main...${pull.head.ref}`,
    })
    t.match(compared.data, { status: 'ahead', ahead_by: 1, behind_by: 0 })
  })

  await t.test('pull requests and issues', async (t) => {
    const one = { ...repo, pull_number: pull.number }
    const issue = { ...repo, issue_number: pull.number }
    t.match((await rest.pulls.get(one)).data, { mergeable: true, head: { sha } })
    await rest.pulls.list(repo)
    await sandbox.review('acme/shop', pull.number, 'APPROVED')
    await rest.pulls.listReviews(one)
    await rest.pulls.listFiles(one)
    await rest.pulls.listCommits(one)
    await rest.pulls.update({ ...one, title: 'Say good day' })
    await rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha })
    const { data: comment } = await rest.issues.createComment({ ...issue, body: '/deploy' })
    await rest.issues.updateComment({ ...repo, comment_id: comment.id, body: 'done' })
    await rest.issues.listComments({ ...issue, since: comment.created_at })
    await rest.issues.getComment({ ...repo, comment_id: comment.id })
    const on = { ...repo, comment_id: comment.id }
    const { data: reaction } = await rest.reactions.createForIssueComment({ ...on, content: 'rocket' })
    await rest.reactions.listForIssueComment(on)
    await rest.reactions.deleteForIssueComment({ ...on, reaction_id: reaction.id })
    await rest.issues.get(issue)
    await rest.issues.addLabels({ ...issue, labels: ['bug'] })
    await rest.issues.listLabelsOnIssue(issue)
    await rest.issues.removeLabel({ ...issue, name: 'bug' })
  })

  await t.test('statuses and checks', async () => {
    await rest.repos.createCommitStatus({ ...repo, sha, state: 'pending', context: 'ci/test' })
    await rest.repos.getCombinedStatusForRef({ ...repo, ref: sha })
    await rest.repos.listCommitStatusesForRef({ ...repo, ref: sha })
    const { data: run } = await rest.checks.create({
      ...repo,
      head_sha: sha,
      name: 'lint',
      status: 'in_progress',
    })
    await rest.checks.update({ ...repo, check_run_id: run.id, conclusion: 'success' })
    await rest.checks.get({ ...repo, check_run_id: run.id })
    await rest.checks.listForRef({ ...repo, ref: sha, filter: 'latest' })
    await rest.checks.listSuitesForRef({ ...repo, ref: sha })
  })

  await t.test('hooks', async (t) => {
    const config = { url: 'http://127.0.0.1:1/', content_type: 'json', secret: 's' }
    const { data: hook } = await rest.repos.createWebhook({ ...repo, config, events: ['push'] })
    const one = { ...repo, hook_id: hook.id }
    await rest.repos.listWebhooks(repo)
    await rest.repos.getWebhook(one)
    await rest.repos.updateWebhook({ ...one, events: ['*'] })
    await sandbox.whenever(() => sandbox.deliveries().some(({ status }) => status !== null))
    const { data: deliveries } = await rest.repos.listWebhookDeliveries({ ...one, status: 'failure' })
    t.match(deliveries, [{ event: 'ping', status: 'failed to connect to host', redelivery: false }])
    const delivery_id = Number(deliveries[0]?.id)
    await rest.repos.getWebhookDelivery({ ...one, delivery_id })
    await rest.repos.redeliverWebhookDelivery({ ...one, delivery_id })
    await rest.repos.pingWebhook(one)
    await rest.repos.deleteWebhook(one)
  })

  await t.test('deployments', async () => {
    const { data } = await rest.repos.createDeployment({
      ...repo,
      ref: sha,
      required_contexts: [],
      auto_merge: false,
    })
    if (!('id' in data)) throw new Error('no deployment was made')
    const one = { ...repo, deployment_id: data.id }
    const { data: status } = await rest.repos.createDeploymentStatus({ ...one, state: 'queued' })
    await rest.repos.listDeployments(repo)
    await rest.repos.getDeployment(one)
    await rest.repos.listDeploymentStatuses(one)
    await rest.repos.getDeploymentStatus({ ...one, status_id: status.id })
  })

  t.same(wrong, [])
  t.same(sandbox.violations, [])
})
