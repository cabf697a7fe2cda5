// Comments on pull requests, what reacts to them, and what moved the branch that they are about.
import t from 'tap'
import { startGitHub, statusOf } from './github.ts'
import { receiveHooks } from './receiver.ts'

const shop = 'acme/shop'

t.test('a comment is told to the hooks with its author, whoever wrote it', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const receiver = await receiveHooks('a secret')
  t.teardown(() => receiver.close())
  await sandbox.createHook(shop, { url: receiver.url, secret: 'a secret', contentType: 'json' })
  const { number } = await sandbox.openPullRequest(shop)
  const id = await sandbox.comment(shop, number, '/deploy', { user: 'mona' })
  await github.issues.createComment({ ...repo, issue_number: number, body: 'Done.' })
  sandbox.editComment(shop, id, '/merge')
  sandbox.deleteComment(shop, id)
  const told = () => receiver.received.filter(({ event }) => event === 'issue_comment')
  await receiver.next(() => told().length === 4)
  // Deliveries may overtake each other.
  const payloadOf = (action: string, body: string) =>
    told().find(
      ({ payload }) => payload.action === action && (payload.comment as { body: string }).body === body,
    )?.payload
  t.match(payloadOf('created', '/deploy'), {
    comment: { id, user: { login: 'mona', type: 'User' } },
    issue: { number, state: 'open', pull_request: {} },
    sender: { login: 'mona' },
  })
  t.match(payloadOf('created', 'Done.'), { comment: { user: { login: 'livraison-bot' } } })
  t.match(payloadOf('edited', '/merge'), { comment: { id } })
  t.match(payloadOf('deleted', '/merge'), { comment: { id } })
})

t.test('comments can be listed from a moment on, and a reaction is made once and taken back', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const { number } = await sandbox.openPullRequest(shop)
  const id = await sandbox.comment(shop, number, '/deploy')
  const issue = { ...repo, issue_number: number }
  t.equal((await github.issues.listComments({ ...issue, since: '2020-01-01T00:00:00Z' })).data.length, 1)
  t.equal((await github.issues.listComments({ ...issue, since: '2999-01-01T00:00:00Z' })).data.length, 0)
  const on = { ...repo, comment_id: id }
  const first = await github.reactions.createForIssueComment({ ...on, content: 'eyes' })
  const second = await github.reactions.createForIssueComment({ ...on, content: 'eyes' })
  t.same([first.status, second.status], [201, 200])
  const one = { ...on, reaction_id: first.data.id }
  t.equal(await statusOf(github.reactions.deleteForIssueComment(one)), 204)
  t.equal(await statusOf(github.reactions.deleteForIssueComment(one)), 404)
  sandbox.deleteComment(shop, id)
  t.equal(await statusOf(github.reactions.createForIssueComment({ ...on, content: 'eyes' })), 404)
})

t.test('the activity of a repository says who moved a branch when, the newest first', async (t) => {
  const { sandbox, github, repo } = await startGitHub(t)
  const { head } = await sandbox.openPullRequest(shop, { user: 'mona', branch: 'topic' })
  const opened = head.sha
  sandbox.agePushes(shop, 3_600_000)
  const pushed = await sandbox.push(shop, { user: 'mallory', branch: 'topic' })
  await sandbox.push(shop)
  const { data } = await github.repos.listActivities({ ...repo, ref: 'topic' })
  t.match(data, [
    { after: pushed, before: opened, activity_type: 'push', actor: { login: 'mallory' } },
    { after: opened, activity_type: 'branch_creation', actor: { login: 'mona' } },
  ])
  const [newest, oldest] = data.map(({ timestamp }) => Date.parse(timestamp))
  t.ok((newest ?? 0) - (oldest ?? 0) >= 3_599_000)
  t.same((await github.repos.listActivities({ ...repo, ref: 'refs/heads/topic' })).data, data)
})
