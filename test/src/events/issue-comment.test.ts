// A comment on a pull request: which is a command, and of whom.
import t from 'tap'
import { parseConfig } from '../../../src/config/read-config.ts'
import { rulesWithoutFile } from '../../../src/config/without-file.ts'
import { decide } from '../../../src/events/decide.ts'
import { type Payload, readExamples } from '../../fixtures/deliveries.ts'

const rules = rulesWithoutFile(0)
const examples = readExamples().find(({ name }) => name === 'issue_comment')?.examples ?? []

/** GitHub's own example, as a comment on a pull request. */
function payloadOf(body: string, change: (payload: Payload) => void = () => {}): Payload {
  const payload = structuredClone(examples.find(({ action }) => action === 'created') ?? {})
  payload.issue.pull_request = { url: 'https://api.github.com/repos/Codertocat/Hello-World/pulls/1' }
  payload.comment.body = body
  change(payload)
  return payload
}

const decided = (body: string, change?: (payload: Payload) => void) =>
  decide('issue_comment', payloadOf(body, change), 'guid', rules)

t.test('a command is one job, named by the comment', async (t) => {
  const { comment, issue } = payloadOf('')
  const decision = decided('/deploy staging\r\nThanks!')
  t.strictSame(decision, {
    outcome: 'jobs',
    jobs: [
      {
        name: 'command',
        id: `command-${comment.id}`,
        data: {
          repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
          pullRequest: issue.number,
          comment: {
            id: comment.id,
            by: 'Codertocat',
            line: '/deploy staging',
            createdAt: comment.created_at,
          },
          delivery: 'guid',
        },
      },
    ],
  })
  t.strictSame(decided('/deploy staging'), decision, 'whatever else it says')
})

const closed = (payload: Payload) => Object.assign(payload.issue, { state: 'closed' })
const owner = (payload: Payload) => Object.assign(payload.comment, { author_association: 'OWNER' })

for (const [what, body, change, reason] of [
  ['words', 'Ship it!', undefined, /begins with no command/],
  ["another's command", '/assign @octocat', undefined, /begins with no command/],
  ['a quoted command', '> /deploy', undefined, /begins with no command/],
  ['nothing', '', undefined, /begins with no command/],
  [
    'an edited comment',
    '/deploy',
    (p: Payload) => Object.assign(p, { action: 'edited' }),
    /issue_comment edited/,
  ],
  [
    'a deleted comment',
    '/deploy',
    (p: Payload) => Object.assign(p, { action: 'deleted' }),
    /issue_comment deleted/,
  ],
  ['an issue', '/deploy', (p: Payload) => delete p.issue.pull_request, /comment on an issue/],
  ['a bot', '/deploy', (p: Payload) => Object.assign(p.comment.user, { type: 'Bot' }), /is a bot/],
  [
    'an app',
    '/deploy',
    (p: Payload) => Object.assign(p.comment, { performed_via_github_app: { id: 1 } }),
    /An app wrote this/,
  ],
  ['nobody', '/deploy', (p: Payload) => Object.assign(p.comment, { user: null }), /no account any more/],
] as const) {
  t.test(`${what} asks for nothing`, async (t) => {
    t.match(decided(body, change), { outcome: 'ignored', reason })
  })
}

t.test(
  'a closed pull request is commented on, too, and nothing that the payload says of people counts',
  async (t) => {
    t.match(decided('/status', closed), { outcome: 'jobs' })
    t.strictSame(decided('/deploy', owner), decided('/deploy'))
  },
)

t.test('a repository that is not in the file is left alone', async (t) => {
  const none = parseConfig('repositories: { acme/shop: {} }', 'livraison.yml', {})
  t.match(decide('issue_comment', payloadOf('/deploy'), 'guid', none), {
    outcome: 'ignored',
    reason: /not in livraison/,
  })
})

t.test('a payload that lacks what is needed is refused', async (t) => {
  t.throws(() => decided('/deploy', (p) => delete p.comment.id), /lacks what the job needs: comment\.id/)
})
