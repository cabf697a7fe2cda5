// What holds a deployment back: the decisions, without anything that they are read from.
import t from 'tap'
import type { Approval } from '../../../src/approvals/approvals.ts'
import { standingOf } from '../../../src/approvals/judge.ts'
import { askersOf, speakerOf } from '../../../src/deployments/askers.ts'
import type { Freeze } from '../../../src/locks/freezes.ts'
import type { Lock } from '../../../src/locks/locks.ts'
import { decideApprovals } from '../../../worker/holds/approvals.ts'
import { decideFreeze } from '../../../worker/holds/freeze.ts'
import { decideLock } from '../../../worker/holds/lock.ts'
import { decideWindow } from '../../../worker/holds/window.ts'

const now = Date.parse('2026-01-05T12:00:00Z')
const hour = 3_600_000
const production = {
  kind: 'environment',
  repositoryId: 42,
  repository: 'acme/shop',
  environment: 'production',
} as const

function lockOf(changes: Partial<Lock> = {}): Lock {
  return {
    id: 'one',
    scope: production,
    owner: 'octocat',
    reason: 'database migration',
    since: now - hour,
    kind: 'hard',
    ownerMayDeploy: false,
    ...changes,
  }
}

const under = (...locks: Lock[]) => ({
  acceptedAt: now,
  locks,
  by: ['mona'],
  isForced: false,
  isRollback: false,
})

t.test('a lock says who, why, until when, and who can end it', async (t) => {
  const reasonOf = (...locks: Lock[]) => decideLock(under(...locks))?.reason
  t.equal(reasonOf(lockOf()), 'Locked by octocat: database migration. octocat or an approver can unlock it.')
  t.equal(
    reasonOf(lockOf({ expiresAt: now + 2 * hour })),
    'Locked by octocat: database migration. Until 14:00 UTC. octocat or an approver can unlock it.',
  )
  t.equal(
    reasonOf(lockOf({ scope: { kind: 'everything' }, reason: ' ', expiresAt: now + 24 * hour })),
    'Everything is locked by octocat. Until Tue 2026-01-06 12:00 UTC. octocat or an approver can unlock it.',
  )
  t.match(
    reasonOf(lockOf({ scope: { kind: 'repository', repositoryId: 42, repository: 'acme/shop' } }), lockOf()),
    /^acme\/shop is locked by octocat: /,
    'the widest is heard',
  )
  t.match(reasonOf(lockOf({ kind: 'soft' })), /Force passes it/)
  const long = 'x'.repeat(300)
  const longest = [
    reasonOf(lockOf({ reason: long, owner: long, expiresAt: now + 99 * hour })),
    reasonOf(
      lockOf({
        reason: `${long}🚀`,
        kind: 'soft',
        scope: { ...production, kind: 'repository', repository: long },
      }),
    ),
  ]
  for (const reason of longest)
    t.ok([...(reason ?? '')].length <= 140 && reason?.endsWith('unlock it.'), reason ?? 'it passes')
  t.equal(reasonOf(), undefined)
})

t.test('what passes a lock', async (t) => {
  const rows: [
    what: string,
    lock: Partial<Lock>,
    facts: Partial<ReturnType<typeof under>>,
    passes: boolean,
  ][] = [
    ['anybody’s', {}, {}, false],
    ['its owner’s', {}, { by: ['octocat'] }, false],
    ['its owner’s, where it says so', { ownerMayDeploy: true }, { by: ['octocat'] }, true],
    ['another’s, where the owner’s passes', { ownerMayDeploy: true }, {}, false],
    ['what is forced, a hard one', {}, { isForced: true }, false],
    ['what is forced, a soft one', { kind: 'soft' }, { isForced: true }, true],
    ['a rollback, a hard one', {}, { isRollback: true }, false],
    ['a rollback, a soft one', { kind: 'soft' }, { isRollback: true }, true],
    ['the rest, a soft one', { kind: 'soft' }, {}, false],
  ]
  for (const [what, lock, facts, passes] of rows) {
    t.equal(decideLock({ ...under(lockOf(lock)), ...facts }) === undefined, passes, what)
  }
  t.match(decideLock({ ...under(lockOf({ kind: 'soft' }), lockOf({ id: 'two' })), isForced: true }), {
    reason: /^Locked/,
  })
})

t.test('a lock ends by itself, and whoever waits for it is given up some day', async (t) => {
  t.match(decideLock(under(lockOf({ expiresAt: now + hour }))), {
    hold: 'lock',
    endsAt: now + hour,
    limit: { at: now + 30 * 24 * hour, reason: 'Given up after 30 days: it is locked still, by octocat.' },
  })
  t.notOk('endsAt' in (decideLock(under(lockOf())) ?? {}))
})

const freely = { isForced: false, isRollback: false }

t.test('a freeze, of the file or of a person', async (t) => {
  const ofFile = { from: now - hour, until: now + hour, zone: 'Europe/Paris', reason: 'The fair.' }
  const declared: Freeze = {
    ...ofFile,
    id: 'f',
    scope: production,
    by: 'octocat',
    at: now,
    until: now + 2 * hour,
  }
  const decide = (facts: object, freezes = [ofFile], at = now) =>
    decideFreeze({ declared: [], ...freely, ...facts }, { freezes }, at)
  t.same(decide({}), {
    hold: 'freeze',
    reason: 'Frozen until Mon 2026-01-05 14:00 Europe/Paris: The fair. An approver can override it.',
    endsAt: now + hour,
  })
  t.match(
    decide({ declared: [declared] }),
    { reason: /Declared by octocat/, endsAt: now + 2 * hour },
    'the last to end',
  )
  t.equal(decide({}, [ofFile], now - hour - 1), undefined)
  t.match(decide({}, [ofFile], now - hour), { hold: 'freeze' })
  t.equal(decide({}, [ofFile], now + hour), undefined)
  t.equal(decide({ isForced: true }), undefined)
  t.equal(decide({ isRollback: true }), undefined)
})

t.test('a window', async (t) => {
  const windows = [{ days: [1], from: 9 * 60, to: 10 * 60, zone: 'UTC' }]
  t.same(decideWindow(freely, { windows }, now), {
    hold: 'window',
    reason: 'Outside its windows: opens Mon 2026-01-12 09:00 UTC. An approver can override it.',
    endsAt: Date.parse('2026-01-12T09:00:00Z'),
  })
  t.equal(decideWindow(freely, { windows }, now - 3 * hour), undefined)
  t.equal(decideWindow(freely, { windows: [] }, now), undefined)
  t.equal(decideWindow({ ...freely, isForced: true }, { windows }, now), undefined)
  t.equal(decideWindow({ ...freely, isRollback: true }, { windows }, now), undefined)
})

const wanted = { required: 2, from: ['@acme/deployers'], expireMs: 24 * hour, withinMs: 7 * 24 * hour }
const approvedBy = (by: string, changes: Partial<Approval> = {}): Approval => ({
  by,
  verdict: 'approved',
  comment: '',
  at: now - hour,
  rules: 'now',
  ...changes,
})

const asked = { acceptedAt: now, askers: ['mona'], isRollback: false }
const decide = (approvals: Approval[], facts = {}, rules: Partial<typeof wanted> | null = {}) =>
  decideApprovals(
    { ...asked, approvals, ...facts },
    { approvals: rules === null ? undefined : { ...wanted, ...rules }, environmentDigest: 'now' },
    now,
  )

t.test('approvals that count, and those that do not', async (t) => {
  const rows: [what: string, second: Approval | undefined, passes: boolean][] = [
    ['one is not enough', undefined, false],
    ['two are', approvedBy('hubot'), true],
    ['who asked for it', approvedBy('Mona'), false],
    ['under other rules', approvedBy('hubot', { rules: 'before' }), false],
    ['a moment before it is too old', approvedBy('hubot', { at: now - 24 * hour + 1 }), true],
    ['too old', approvedBy('hubot', { at: now - 24 * hour }), false],
  ]
  for (const [what, second, passes] of rows) {
    const given = [approvedBy('octocat'), ...(second ? [second] : [])]
    t.equal(decide(given) === undefined, passes, what)
  }
  t.equal(standingOf(approvedBy('MONA'), { askers: ['mona'], rules: 'now' }, hour, now), 'asked for it')
  t.equal(decide([], {}, null), undefined, 'nobody is asked')
  t.equal(decide([], { isRollback: true }), undefined)
})

t.test('it says how many, from whom, until when, and is given up then', async (t) => {
  t.same(decide([approvedBy('octocat')]), {
    hold: 'approvals',
    reason:
      'Waits for 1 of 2 approvals from @acme/deployers (octocat approved). Until Mon 2026-01-12 12:00 UTC.',
    limit: { at: now + 7 * 24 * hour, reason: 'Not approved within 7 days: 1 of 2 approvals were there.' },
  })
  t.match(decide([], {}, { required: 1, from: [] }), {
    reason: 'Waits for an approval from an approver. Until Mon 2026-01-12 12:00 UTC.',
    limit: { reason: 'Not approved within 7 days.' },
  })
  const long = decide(
    [approvedBy('o'.repeat(39))],
    {},
    { from: Array.from({ length: 9 }, (_, i) => `@acme/a-long-team-${i}`) },
  )
  t.ok([...(long?.reason ?? '')].length <= 140)
  t.match(long?.reason, /Until Mon 2026-01-12 12:00 UTC\.$/)
})

t.test('one rejection ends it, whatever the others say, and whatever the rules are by now', async (t) => {
  const rejection = approvedBy('hubot', {
    verdict: 'rejected',
    comment: 'Not before the fair.',
    rules: 'before',
  })
  const ended = {
    limit: { state: 'inactive', at: rejection.at, reason: 'Rejected by hubot: Not before the fair.' },
  }
  t.match(decide([approvedBy('octocat'), approvedBy('robin'), rejection]), ended)
  t.match(decide([rejection], {}, null), ended)
  t.match(decide([{ ...rejection, comment: '' }])?.reason, 'Rejected by hubot.')
})

t.test('who asked, and in whose name', async (t) => {
  const deployment = { creator: 'bot', deployUser: 'octocat' }
  t.same(askersOf(deployment), ['bot', 'octocat'])
  t.same(askersOf({ creator: 'mona' }, { by: 'robin' }), ['mona', 'robin'])
  t.equal(speakerOf(deployment, false), 'bot', 'anybody may write any name into a payload')
  t.equal(speakerOf(deployment, true), 'octocat')
  t.equal(speakerOf({ creator: 'mona' }, true), 'mona')
})
