import t from 'tap'
import { lowForMs } from '../../../src/github/budget.ts'
import type { DeliveryAttempt, Hook } from '../../../src/github/hooks.ts'
import { ourHooks } from '../../../src/github/our-hooks.ts'
import type { ListedDeployment, ListedPull } from '../../../src/github/recent.ts'
import { findMissed, firstArrival, hears, lookFrom } from '../../../worker/reconciler/attempts.ts'
import { findOurs, firstOfOurMaking, standingOf } from '../../../worker/reconciler/deployments.ts'
import { findMerges, isDeployed, judgeMerges, type Merge } from '../../../worker/reconciler/merges.ts'
import { startingAfter } from '../../../worker/reconciler/pass.ts'
import { isUnfinished } from '../../../worker/reconciler/unfinished.ts'
import { testRules } from '../../fixtures/rules.ts'

const rules = testRules().current
const shop = { id: 7, name: 'shop', full_name: 'acme/shop', default_branch: 'main' }

t.test('which hooks are ours, by host and path', async (t) => {
  const hook = (url: string): Hook => ({ id: 1, url, active: true, events: ['*'] })
  const isOurs = (url: string, publicUrl = 'https://deploy.example') =>
    ourHooks([hook(url)], `${publicUrl}/event_handler`).length === 1
  t.ok(isOurs('https://deploy.example/event_handler'))
  t.ok(isOurs('http://deploy.example/event_handler/'), 'a proxy may add https')
  t.ok(isOurs('https://example/a/event_handler', 'https://example/a'))
  t.notOk(isOurs('https://example/event_handler', 'https://example/a'))
  t.notOk(isOurs('https://other.example/event_handler'))
  t.notOk(isOurs('https://deploy.example:8443/event_handler'))
  t.notOk(isOurs(''), 'none')
})

t.test('which events a hook is sent', async (t) => {
  const hook = { id: 1, url: '', active: true, events: ['push', 'deployment'] }
  t.ok(hears([hook], 'deployment'))
  t.ok(hears([{ ...hook, events: ['*'] }], 'deployment'))
  t.notOk(hears([hook], 'pull_request'))
  t.notOk(hears([{ ...hook, active: false }], 'deployment'))
  t.notOk(hears([], 'deployment'))
})

let lastAttempt = 0
const attempt = (
  guid: string,
  at: number,
  status = 'OK',
  statusCode = status === 'OK' ? 200 : 0,
): DeliveryAttempt => ({
  id: String(++lastAttempt),
  guid,
  event: 'push',
  action: null,
  status,
  statusCode,
  deliveredAt: at,
  repositoryId: 1,
})

t.test('which deliveries never arrived', async (t) => {
  const guids = (attempts: DeliveryAttempt[]) => findMissed(attempts).map(({ guid }) => guid)
  t.same(guids([attempt('a', 1), attempt('b', 2)]), [])
  t.same(guids([attempt('b', 2, 'timed out'), attempt('a', 1, 'failed to connect to host')]), ['a', 'b'])
  t.same(guids([attempt('a', 3), attempt('a', 1, 'timed out')]), [], 'delivered again')
  t.same(guids([attempt('a', 3, 'timed out'), attempt('a', 1)]), [], 'delivered again in vain')
  t.same(guids([attempt('a', 1, 'Invalid HTTP Response: 503', 503)]), ['a'])
  t.same(guids([attempt('a', 1, 'OK', 302)]), ['a'], 'a redirect is no arrival')
  const [last] = findMissed([
    attempt('a', 5, 'timed out'),
    attempt('a', 9, 'again'),
    attempt('a', 1, 'first'),
  ])
  t.equal(last?.status, 'again', 'the last attempt stands for the delivery')
})

t.test('from when on the next pass looks', async (t) => {
  const missed = attempt('b', 2, 'timed out')
  const attempts = [attempt('c', 3), missed, attempt('a', 1)]
  t.equal(lookFrom(attempts, []), 3)
  t.equal(lookFrom(attempts, [missed]), 2)
  t.equal(lookFrom([attempt('b', 4, 'timed out'), ...attempts], [missed]), 2, 'from its first attempt')
  t.equal(lookFrom([], []), undefined)
  t.equal(firstArrival(attempts), 1)
  t.equal(firstArrival([missed]), undefined)
})

const at = (second: number) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString()
const ms = (second: number) => Date.parse(at(second))

const deployment = (id: number, second: number, more: object = {}) =>
  ({
    id,
    sha: 'a'.repeat(40),
    ref: 'main',
    task: 'deploy',
    environment: 'production',
    original_environment: 'production',
    description: null,
    creator: { login: 'octocat', type: 'User' },
    created_at: at(second),
    payload: '',
    performed_via_github_app: null,
    ...more,
  }) as unknown as ListedDeployment

t.test('which deployments are ours to run', async (t) => {
  const bot = { creator: { login: 'github-actions[bot]', type: 'Bot' } }
  const app = { performed_via_github_app: { slug: 'shipper' } }
  const listed = [
    deployment(7, 9),
    deployment(6, 6, app),
    deployment(5, 5, bot),
    deployment(4, 4, { task: 'deploy:lock' }),
    deployment(3, 3, { creator: null }),
    deployment(2, 2),
    deployment(1, 0),
  ]
  const ours = findOurs(shop, listed, { from: ms(2), until: ms(8) }, rules)
  t.match(ours, [
    { id: 2, request: { name: 'process-deployment', id: 'deployment-2', data: { delivery: 'reconciler' } } },
    { id: 3, request: { data: { repository: { id: 7, owner: 'acme', name: 'shop' } } } },
    { id: 4, request: { data: { deployment: { task: 'deploy:lock' } } } },
  ])
  t.equal(ours.length, 3)
  t.same(
    findOurs(shop, [deployment(1, 3, { ref: undefined })], { from: 0, until: ms(9) }, rules),
    [],
    'no job without a ref',
  )
})

t.test('what the statuses of a deployment that we do not know say', async (t) => {
  const logUrl = 'https://deploy.example/deployments/acme/shop/12'
  const olderLogUrl = 'https://deploy.example/api/deployments/acme/shop/12/log'
  t.equal(standingOf(12, []), 'missing')
  t.equal(standingOf(12, [{ state: 'in_progress', logUrl }]), 'missing', 'we began and forgot')
  t.equal(
    standingOf(12, [{ state: 'in_progress', logUrl: olderLogUrl }]),
    'missing',
    'so did an older version',
  )
  t.equal(standingOf(12, [{ state: 'success', logUrl }]), 'over')
  t.equal(
    standingOf(12, [
      { state: 'inactive', logUrl: '' },
      { state: 'success', logUrl },
    ]),
    'over',
  )
  t.equal(standingOf(12, [{ state: 'in_progress', logUrl: 'https://ci.example/12' }]), 'run by another')
  t.equal(standingOf(2, [{ state: 'in_progress', logUrl }]), 'run by another')
})

t.test('which merges there are, and when we made the first deployment', async (t) => {
  const pull = (number: number, merged: number | null, base = 'main') =>
    ({
      number,
      title: `Change ${number}`,
      user: { login: 'octocat' },
      merged_at: merged === null ? null : at(merged),
      merge_commit_sha: String(number).repeat(40),
      head: { sha: 'b'.repeat(40) },
      base: { ref: base },
    }) as unknown as ListedPull
  const merges = findMerges(
    shop,
    [pull(4, 4), pull(2, 9), pull(5, 4, 'next'), pull(3, null), pull(1, 1)],
    ms(2),
    rules,
  )
  t.same(
    merges.map(({ request, mergedAt }) => [request.id, mergedAt]),
    [
      ['merge-7-4', ms(4)],
      ['merge-7-2', ms(9)],
    ],
  )
  const merge = merges[0]?.request.data
  if (!merge) throw new Error('There is a merge.')
  const payload = { environment: 'production', deploy_user: 'octocat', pull_request: 4 }
  const its = { sha: '4'.repeat(40), payload }
  t.ok(isDeployed(merge, [deployment(1, 1, its)]))
  t.ok(isDeployed(merge, [deployment(1, 1, { ...its, payload: JSON.stringify(payload) })]))
  t.notOk(isDeployed(merge, [deployment(1, 1, { ...its, payload: '' })]), 'made by a person')
  t.notOk(isDeployed(merge, [deployment(1, 1, { ...its, original_environment: 'staging' })]))
  t.notOk(isDeployed(merge, [deployment(1, 1, { payload })]), 'of another commit')
  t.equal(firstOfOurMaking([deployment(3, 3, its), deployment(2, 2, its), deployment(1, 1)]), ms(2))
  t.equal(firstOfOurMaking([deployment(1, 1)]), undefined)
})

t.test('which merges are missing, and which are overtaken', async (t) => {
  const merge = (number: number, mergedAt: number, environment = 'production'): Merge => ({
    mergedAt,
    request: {
      name: 'start-deployment',
      id: `merge-7-${number}`,
      data: {
        repository: { id: 7, owner: 'acme', name: 'shop' },
        environment,
        sha: 'a'.repeat(40),
        description: '',
        deployUser: 'octocat',
        pullRequest: number,
        delivery: 'reconciler',
      },
    },
  })
  const judge = (merges: Merge[], known: number[], until = 100) => {
    const isKnown = ({ request }: Merge) => known.includes(request.data.pullRequest)
    const { missing, overtaken } = judgeMerges(merges, isKnown, until)
    return {
      missing: missing.map(({ request }) => request.data.pullRequest),
      overtaken: overtaken.map((each) =>
        [each.merge, each.by].map(({ request }) => request.data.pullRequest),
      ),
    }
  }
  const three = [merge(1, 1), merge(2, 2), merge(3, 3)]
  t.same(judge(three, []), { missing: [1, 2, 3], overtaken: [] })
  t.same(judge(three, [1]), { missing: [2, 3], overtaken: [] })
  t.same(judge(three, [2]), { missing: [3], overtaken: [[1, 2]] })
  t.same(judge(three, [1, 2, 3]), { missing: [], overtaken: [] })
  t.same(judge([merge(1, 1), merge(2, 2, 'staging')], [2]), { missing: [1], overtaken: [] })
  t.same(judge([merge(1, 1), merge(2, 1)], [2]), { missing: [1], overtaken: [] }, 'of the same second')
  t.same(judge(three, [], 2), { missing: [1, 2], overtaken: [] }, 'the third may be on its way')
  t.same(judge(three, [3], 2), {
    missing: [],
    overtaken: [
      [1, 3],
      [2, 3],
    ],
  })
})

t.test('what of a record is unfinished', async (t) => {
  const over = {
    state: 'success',
    sent: 3,
    statuses: 3,
    unreportable: false,
    retires: false,
    rollsBack: false,
  }
  t.notOk(isUnfinished(over))
  t.ok(isUnfinished({ ...over, state: 'queued' }))
  t.ok(isUnfinished({ ...over, sent: 2 }), 'GitHub was not told')
  t.notOk(isUnfinished({ ...over, sent: 2, unreportable: true }), 'GitHub does not want to be')
  t.ok(isUnfinished({ ...over, retires: true }))
  t.ok(isUnfinished({ ...over, state: 'failure', rollsBack: true }))
})

t.test('each repository has its turn', async (t) => {
  const known = [3, 1, 2].map((id) => ({ id, owner: 'acme', name: String(id), since: 0 }))
  const order = (last: number) => startingAfter(last, known).map(({ id }) => id)
  t.same(
    [order(0), order(1), order(3)],
    [
      [1, 2, 3],
      [2, 3, 1],
      [1, 2, 3],
    ],
  )
})

t.test('when little of the rate limit is left', async (t) => {
  const left = (remaining: string) => ({
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': '100',
  })
  t.equal(lowForMs(left('500'), 40_000), 0)
  t.equal(lowForMs(left('499'), 40_000), 60_000)
  t.equal(lowForMs(left('0'), 140_000), 0, 'it was reset since')
  t.equal(lowForMs({}, 0), 0, 'Enterprise Server may have no limit')
})
