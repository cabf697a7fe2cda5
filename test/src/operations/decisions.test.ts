import t from 'tap'
import type { Actor } from '../../../src/access/actor.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import type { RepositoryRules } from '../../../src/config/rules.ts'
import type { DeploymentRecord } from '../../../src/deployments/record.ts'
import { Refusal } from '../../../src/errors/refusal.ts'
import { GitHubRefusal, GitHubUnavailable } from '../../../src/github/failure.ts'
import type { Lock } from '../../../src/locks/locks.ts'
import { cancellationBy } from '../../../src/operations/acts/cancel.ts'
import { whyNoFreeze } from '../../../src/operations/acts/freeze.ts'
import { nextOf } from '../../../src/operations/acts/promote.ts'
import { whyNoRetry } from '../../../src/operations/acts/retry.ts'
import { whyNoRollback, whyNotTo } from '../../../src/operations/acts/roll-back.ts'
import { authorise, mayNotWords } from '../../../src/operations/authorise.ts'
import { readRefusal } from '../../../src/operations/perform.ts'
import { Refused } from '../../../src/operations/refused.ts'
import { isMadeFor } from '../../../src/operations/requests.ts'
import { heldWords, lockInTheWay } from '../../../src/operations/standing-in-the-way.ts'

const shop = { id: 42, owner: 'acme', name: 'shop' }

const recordOf = (id: number, changes: Partial<DeploymentRecord> = {}): DeploymentRecord => ({
  ...{
    id,
    repository: shop,
    environment: 'production',
    ref: 'main',
    sha: String(id).repeat(40).slice(0, 40),
  },
  ...{ task: 'deploy', description: '', creator: 'octocat', production: true, transient: false },
  ...{
    createdAt: '2026-01-02T03:04:05Z',
    acceptedAt: 1,
    state: 'success',
    startedAt: 2,
    tries: 1,
    delivery: 'x',
  },
  ...changes,
})

t.test('who may not is told what it needs', async (t) => {
  t.equal(
    mayNotWords('vera', 'cancel a deployment', 'viewer', 'acme/shop'),
    'vera may not cancel a deployment in acme/shop: that needs the role deployer, and theirs is viewer.',
  )
  t.match(
    mayNotWords('x', 'lock or unlock everything', undefined, undefined),
    /^x may not lock or unlock everything: .* they have none\.$/,
  )
  const actor: Actor = { kind: 'person', name: 'vera', face: 'cli' }
  const access = { roleOf: async () => 'deployer' as const }
  await authorise(access, { actor, deed: 'deploy' })
  await t.rejects(authorise(access, { actor, deed: 'force a deployment' }), { code: 'forbidden' })
})

t.test('what stands in the way becomes an answer; our own mistakes do not', async (t) => {
  t.same(readRefusal(new Refused('conflict', 'No.')), { code: 'conflict', reason: 'No.' })
  t.match(readRefusal(new Refusal(503, 'GitHub cannot be asked.')), { code: 'unavailable' })
  t.match(readRefusal(new GitHubUnavailable('unreachable', 'Away.')), {
    code: 'unavailable',
    reason: /Try again/,
  })
  t.match(readRefusal(new GitHubRefusal(403, 'No right')), { code: 'unavailable', reason: /GITHUB_TOKEN/ })
  t.equal(readRefusal(new Refusal(404, 'None.')), undefined)
  t.equal(readRefusal(new TypeError('x is undefined')), undefined)
})

t.test('what may be deployed again', async (t) => {
  const failed = recordOf(5, { state: 'failure' })
  const rows: [record: DeploymentRecord, lane: DeploymentRecord[], reason: RegExp | undefined][] = [
    [failed, [failed, recordOf(4)], undefined],
    [failed, [recordOf(6, { rollbackOf: 5 }), failed], undefined],
    [failed, [recordOf(6, { state: 'failure' }), failed], undefined],
    [failed, [recordOf(6, { sha: failed.sha }), failed], undefined],
    [failed, [recordOf(6), failed], /^#6 is newer \(success\)/],
    [failed, [recordOf(6, { state: 'queued' }), failed], /^#6 is newer \(queued\)/],
    [recordOf(5, { state: 'error' }), [], undefined],
    [recordOf(5, { state: 'inactive', cancelledBy: 'octocat' }), [], undefined],
    [recordOf(5, { state: 'inactive' }), [], /replaced by a newer one/],
    [recordOf(5), [], /has succeeded: deploy/],
    [recordOf(5, { state: 'in_progress' }), [], /is not over, it is in_progress/],
  ]
  for (const [record, lane, reason] of rows) {
    const found = whyNoRetry(record, lane)
    if (reason) t.match(found, reason)
    else t.equal(found, undefined)
  }
})

t.test('what may be rolled back, and to what', async (t) => {
  t.equal(whyNoRollback(recordOf(5), { newer: undefined }), undefined)
  t.match(whyNoRollback(recordOf(5), { newer: 7 }), /#7 is newer than #5/)
  t.match(whyNoRollback(recordOf(5, { state: 'queued' }), { newer: undefined }), /cancel it first/)
  const { startedAt: _never, ...never } = recordOf(5, { state: 'inactive' })
  t.match(whyNoRollback(never, { newer: undefined }), /never began/)
  const from = recordOf(5)
  t.equal(whyNotTo(from, 4, recordOf(4)), undefined)
  t.match(whyNotTo(from, 4, undefined), /knows no deployment #4/)
  t.match(whyNotTo(from, 4, recordOf(4, { environment: 'staging' })), /is not of production/)
  t.match(whyNotTo(from, 4, recordOf(4, { repository: { ...shop, id: 43 } })), /is not of production/)
  t.match(whyNotTo(from, 5, recordOf(5)), /not earlier/)
  t.match(whyNotTo(from, 4, recordOf(4, { state: 'failure' })), /did not succeed, it is failure/)
})

const rulesOf = (environments: object): RepositoryRules => {
  const text = JSON.stringify({ repositories: { 'acme/shop': { environments } } })
  const rules = parseConfig(text, 'livraison.yml', {}).of('acme/shop')
  if (!rules) throw new Error('no rules')
  return rules
}

t.test('where a promotion goes', async (t) => {
  const simulate = '5ms'
  const rules = rulesOf({
    staging: { simulate },
    eu: { simulate, after: 'staging' },
    us: { simulate, after: 'Staging' },
    last: { simulate, after: 'eu' },
  })
  const next = (from: string, named?: string) => nextOf(rules, from, 'acme/shop', named).name
  t.equal(next('EU'), 'last')
  t.equal(next('staging', 'US'), 'us')
  t.equal(next('eu', 'staging'), 'staging', 'whatever comes after what, if it is named')
  t.throws(() => next('staging'), { code: 'invalid', message: /name one of eu, us\.$/ })
  t.throws(() => next('last'), { message: /No environment of acme\/shop comes after last/ })
  t.throws(() => next('eu', 'eu'), { message: /is of eu itself/ })
  t.throws(() => next('eu', 'lats'), { code: 'unknown', message: /Did you mean last\?$/ })
})

const lockOf = (changes: Partial<Lock>): Lock => ({
  id: 'l',
  scope: { kind: 'environment', repositoryId: 42, repository: 'acme/shop', environment: 'production' },
  ...{ owner: 'ada', reason: 'A migration.', since: 0, kind: 'hard', ownerMayDeploy: false, ...changes },
})

t.test('which locks are in the way', async (t) => {
  const dora = { name: 'dora', force: false }
  const ada = { name: 'ada', force: false }
  t.equal(lockInTheWay([], dora), undefined)
  t.equal(
    lockInTheWay([lockOf({})], dora),
    'production of acme/shop is locked by ada: A migration. ada or an approver can unlock it.',
  )
  t.match(lockInTheWay([lockOf({})], { ...dora, force: true }), /can unlock it/)
  t.match(lockInTheWay([lockOf({})], ada), /locked by you.* Unlock it first/)
  t.equal(lockInTheWay([lockOf({ ownerMayDeploy: true })], ada), undefined)
  t.match(lockInTheWay([lockOf({ ownerMayDeploy: true })], dora), /locked by ada/)
  t.match(lockInTheWay([lockOf({ kind: 'soft' })], dora), /Deploy with force and a reason/)
  t.equal(lockInTheWay([lockOf({ kind: 'soft' })], { ...dora, force: true }), undefined)
  const both = [lockOf({ kind: 'soft' }), lockOf({ scope: { kind: 'everything' } })]
  t.match(lockInTheWay(both, { ...dora, force: true }), /^everything is locked/)
})

t.test('what will hold a deployment is foretold', async (t) => {
  const nowMs = Date.parse('2026-01-05T12:00:00Z')
  const [environment] = rulesOf({
    production: {
      simulate: '5ms',
      windows: [{ days: 'sat', from: '09:00', to: '10:00', zone: 'Europe/Paris' }],
      approvals: { required: 2, from: ['octocat', 'hubot'] },
    },
  }).environments
  if (!environment) throw new Error('no environment')
  const freeze = {
    id: 'f',
    scope: { kind: 'everything' } as const,
    from: 0,
    until: nowMs + 3_600_000,
    reason: 'The fair',
    by: 'ada',
    at: 0,
  }
  const words = heldWords(environment, [freeze], { force: false }, nowMs)
  t.match(words, [
    /Sat 2026-01-10 09:00 Europe\/Paris/,
    /^Frozen until .*The fair/,
    'It waits for 2 approvals from octocat or hubot.',
  ])
  t.match(heldWords(environment, [freeze], { force: true }, nowMs), [
    'It waits for 2 approvals from octocat or hubot.',
  ])
  t.same(
    heldWords(
      { ...environment, approvals: undefined },
      [{ ...freeze, until: nowMs }],
      { force: true },
      nowMs,
    ),
    [],
  )
})

t.test('which times are freezes', async (t) => {
  t.equal(whyNoFreeze({ from: 5, until: 10, reason: 'x' }, 1), undefined)
  t.match(whyNoFreeze({ from: 5, until: 10, reason: ' ' }, 1), /needs a reason/)
  t.match(whyNoFreeze({ from: 5, until: 10, reason: 'x' }, 10), /over already/)
  t.match(whyNoFreeze({ from: 12, until: 11, reason: 'x' }, 1), /end after it begins/)
})

t.test('the last words of what is cancelled fit into a status', async (t) => {
  t.same(cancellationBy('octocat', 'Wrong branch.'), {
    by: 'octocat',
    before: 'Cancelled by octocat: Wrong branch.',
    during: 'Cancelled by octocat while it ran.',
  })
  const long = cancellationBy('x'.repeat(300), 'y'.repeat(300))
  t.ok([...long.before].length <= 140 && [...(long.during ?? '')].length <= 140)
})

t.test('which deployments a request was made for', async (t) => {
  const request = {
    ...{
      id: 'r',
      by: 'ada',
      face: 'cli' as const,
      repositoryId: 42,
      repository: 'acme/shop',
      environment: 'production',
    },
    ...{ sha: recordOf(5).sha, force: true, at: 1, attempt: 1 },
  }
  t.ok(isMadeFor(recordOf(5), request))
  t.ok(isMadeFor(recordOf(5, { environment: 'Production' }), { ...request, deployment: 5 }))
  t.notOk(isMadeFor(recordOf(5), { ...request, deployment: 6 }))
  t.notOk(isMadeFor(recordOf(5, { environment: 'staging' }), request))
  t.notOk(isMadeFor(recordOf(5, { sha: 'f'.repeat(40) }), request))
  t.notOk(isMadeFor(recordOf(5, { repository: { ...shop, id: 43 } }), request))
})
