import t from 'tap'
import { decidePullRequest } from '../../../../src/events/pull-request.ts'
import type { Payload } from '../../../fixtures/deliveries.ts'
import { testRules } from '../../../fixtures/rules.ts'

const sha = '1'.repeat(40)
const before = '0'.repeat(40)
const at = Date.parse('2026-01-02T03:04:05Z')

function rulesOf(...checks: object[]) {
  const shop = { checks, environments: { production: { simulate: '1s' } } }
  return testRules(JSON.stringify({ repositories: { 'acme/shop': shop } })).current
}

const one = rulesOf({ context: 'ci/test', run: 'npm test' })

function pull(action: string, changes: Payload = {}, more: Payload = {}): Payload {
  return {
    action,
    repository: { id: 42, name: 'shop', full_name: 'acme/shop', default_branch: 'main' },
    pull_request: {
      number: 7,
      title: 'Mend the cart',
      merged: false,
      updated_at: '2026-01-02T03:04:05Z',
      user: { login: 'octocat' },
      head: { sha, ref: 'topic', repo: { id: 42 } },
      base: { ref: 'main' },
      ...changes,
    },
    ...more,
  }
}

const ofFork = { head: { sha, ref: 'topic', repo: { id: 43 } } }
const ofGoneFork = { head: { sha, ref: 'topic', repo: null } }
const pushed = { before, after: sha }

const idsOf = (payload: Payload, rules = one) => {
  const decision = decidePullRequest(payload, 'guid', rules)
  return decision.outcome === 'jobs' ? decision.jobs.map(({ id }) => id) : decision
}

const ofHead = `check-42-7-${sha}-ci%2Ftest`

t.test('a pull request that is opened asks for each check of its repository', async (t) => {
  t.strictSame(decidePullRequest(pull('opened'), 'guid', one), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'check',
        id: ofHead,
        data: {
          repository: { id: 42, owner: 'acme', name: 'shop' },
          pullRequest: { number: 7, sha, ref: 'topic', base: 'main', fork: false, author: 'octocat' },
          context: 'ci/test',
          at,
          delivery: 'guid',
        },
      },
    ],
  })
})

t.test('a new head ends the checks of the old one, and asks for its own', async (t) => {
  t.match(decidePullRequest(pull('synchronize', {}, pushed), 'guid', one), {
    jobs: [
      {
        name: 'cancel-checks',
        id: `cancel-checks-42-7-${at}-${sha}`,
        data: { pullRequest: 7, pushed, at, delivery: 'guid' },
      },
      { name: 'check', id: `${ofHead}-${at}` },
    ],
  })
})

for (const [what, payload, expected] of [
  ['opened again: a new wish', pull('reopened'), [`${ofHead}-${at}`]],
  ['closed: its checks end', pull('closed'), [`cancel-checks-42-7-${at}-closed`]],
  [
    'merged: it is deployed, and its checks end',
    pull('closed', { merged: true, merge_commit_sha: before }),
    ['merge-42-7', `cancel-checks-42-7-${at}-closed`],
  ],
  [
    'merged into another branch: its checks end',
    pull('closed', { merged: true, base: { ref: 'release' } }),
    [`cancel-checks-42-7-${at}-closed`],
  ],
  ['whose author is gone', pull('opened', { user: null }), [ofHead]],
] as const) {
  t.test(`a pull request ${what}`, async (t) => t.strictSame(idsOf(payload), expected))
}

t.test('different names make different jobs, none with a colon', async (t) => {
  const names = ['a:b', 'a%3Ab', 'a b', 'a/b', 'é']
  const ids = idsOf(pull('opened'), rulesOf(...names.map((context) => ({ context, run: 'x' })))) as string[]
  t.equal(new Set(ids).size, names.length)
  t.notOk(ids.some((id) => id.includes(':')))
})

t.test('a fork is refused with the reason, unless a check allows forks', async (t) => {
  for (const changes of [ofFork, ofGoneFork]) {
    for (const action of ['opened', 'reopened', 'synchronize']) {
      t.match(idsOf(pull(action, changes, pushed)), {
        outcome: 'ignored',
        reason: /^The pull request is from a fork, and no check of acme\/shop may run on those/,
      })
    }
  }
  const some = rulesOf({ context: 'a', run: 'x', forks: true }, { context: 'b', run: 'x' })
  t.match(decidePullRequest(pull('opened', ofFork), 'guid', some), {
    jobs: [{ data: { context: 'a', pullRequest: { fork: true } } }],
  })
})

t.test('without checks nothing is asked for, and nothing more is needed of the payload', async (t) => {
  const { repository } = pull('opened')
  for (const action of ['opened', 'reopened', 'synchronize']) {
    t.match(idsOf({ action, repository }, rulesOf()), {
      outcome: 'ignored',
      reason: 'No checks are configured for acme/shop.',
    })
    const other = { ...repository, full_name: 'acme/other' }
    t.match(idsOf({ action, repository: other }), {
      outcome: 'ignored',
      reason: 'acme/other is not in livraison.yml.',
    })
  }
  t.match(idsOf({ action: 'closed', repository, pull_request: { merged: false } }, rulesOf()), {
    outcome: 'ignored',
    reason: 'The pull request was closed without being merged.',
  })
})

t.test('what a check needs and the payload lacks is named', async (t) => {
  for (const [payload, lacking] of [
    [pull('opened', { updated_at: 'yesterday' }), /pull_request\.updated_at/],
    [pull('opened', { head: { ref: 'topic' } }), /pull_request\.head\.sha, pull_request\.head\.repo/],
    [pull('synchronize', {}, { before }), /lacks what the job needs: after\./],
    [pull('closed', { updated_at: undefined }), /pull_request\.updated_at/],
  ] as const) {
    t.throws(() => idsOf(payload), { name: 'BadRequest', message: lacking })
  }
})
