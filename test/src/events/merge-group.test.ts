import t from 'tap'
import { BadRequest } from '../../../src/errors/bad-request.ts'
import { decide } from '../../../src/events/decide.ts'
import { testRules } from '../../fixtures/rules.ts'

const rules = testRules(`repositories:
  acme/shop: { checks: [{ context: test, run: "true" }, { context: lint, run: "true" }] }
  acme/till: { environments: { production: { simulate: 1s } } }
`).current
const sha = 'a'.repeat(40)

const payload = (action: string, more: object = {}, fullName = 'acme/shop') => ({
  action,
  repository: { id: 7, name: fullName.split('/')[1], full_name: fullName },
  sender: { login: 'mona' },
  merge_group: {
    head_sha: sha,
    head_ref: `refs/heads/gh-readonly-queue/main/pr-12-${'b'.repeat(40)}`,
    base_ref: 'refs/heads/main',
    head_commit: { timestamp: '2026-05-01T12:00:00Z' },
  },
  ...more,
})

t.test('each check is wanted for the commit of the queue', async (t) => {
  t.match(decide('merge_group', payload('checks_requested'), 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'check',
        id: `check-7-12-${sha}-test`,
        data: {
          pullRequest: {
            ...{ number: 12, sha, mergeGroup: true, base: 'main', fork: false, author: 'mona' },
            ref: `gh-readonly-queue/main/pr-12-${'b'.repeat(40)}`,
          },
          at: Date.parse('2026-05-01T12:00:00Z'),
        },
      },
      { data: { context: 'lint' } },
    ],
  })
})

t.test('a group that is no more takes its checks with it, unless it was merged', async (t) => {
  t.match(decide('merge_group', payload('destroyed', { reason: 'dequeued' }), 'guid', rules), {
    jobs: [
      {
        name: 'cancel-checks',
        data: { mergeGroup: sha, pullRequest: 12, at: Date.parse('2026-05-01T12:00:00Z') + 1 },
      },
    ],
  })
  t.match(decide('merge_group', payload('destroyed', { reason: 'merged' }), 'guid', rules), {
    outcome: 'ignored',
    reason: /its checks go on/,
  })
})

t.test('what is not ours, and what cannot be read', async (t) => {
  const reasonOf = (event: object) => decide('merge_group', event, 'guid', rules)
  t.match(reasonOf(payload('checks_requested', {}, 'acme/till')), { reason: /^No checks are configured/ })
  t.match(reasonOf(payload('checks_requested', {}, 'acme/other')), { reason: /is not in livraison\.yml/ })
  t.match(reasonOf(payload('renamed')), { reason: 'Nothing is done on merge_group renamed.' })
  t.throws(() => reasonOf(payload('destroyed', { merge_group: { head_sha: '../x' } })), BadRequest)
  const nameless = payload('checks_requested')
  nameless.merge_group.head_ref = 'refs/heads/queue'
  t.match(reasonOf(nameless), { jobs: [{ data: { pullRequest: { number: 0, ref: 'queue' } } }, {}] })
})
