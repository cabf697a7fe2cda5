// What is locked, frozen, closed or to be approved, as /api/why tells it.
import t from 'tap'
import type { Facts } from '../../../src/api/why/facts.ts'
import { foreseeMerge } from '../../../src/api/why/foresee-merge.ts'
import type { HoldFacts } from '../../../src/api/why/hold-facts.ts'
import { foreseeHolds, presentApproval, presentHolds } from '../../../src/api/why/hold-words.ts'

const nowMs = Date.parse('2026-01-05T12:00:00Z')
const hour = 3_600_000
const holds: HoldFacts = {
  locks: [
    {
      id: 'one',
      scope: { kind: 'repository', repositoryId: 42, repository: 'acme/shop' },
      owner: 'octocat',
      reason: 'a migration',
      since: nowMs - hour,
      expiresAt: nowMs + hour,
      kind: 'hard',
      ownerMayDeploy: true,
    },
  ],
  freezes: [
    { from: nowMs - hour, until: nowMs + hour, zone: 'Europe/Paris', reason: 'the fair' },
    { id: 'f', from: nowMs + hour, until: nowMs + 2 * hour, reason: 'an audit.', by: 'mona' },
  ],
  windows: [{ days: [1], from: 9 * 60, to: 10 * 60, zone: 'UTC' }],
  approvals: { required: 2, from: ['mona', '@acme/deployers'], expireMs: 24 * hour, withinMs: 168 * hour },
}

t.test('each with a sentence, and what programs need', async (t) => {
  t.match(presentHolds(holds, nowMs), {
    locks: [
      {
        text: 'acme/shop is locked by octocat: a migration. Until 13:00 UTC. octocat or an approver can unlock it.',
        id: 'one',
        scope: 'repository',
        owner: 'octocat',
        since: '2026-01-05T11:00:00.000Z',
        expiresAt: '2026-01-05T13:00:00.000Z',
        kind: 'hard',
        ownerMayDeploy: true,
      },
    ],
    freezes: [
      {
        text: 'Frozen until Mon 2026-01-05 14:00 Europe/Paris: the fair. An approver can override it.',
        id: null,
        isOn: true,
        by: null,
      },
      {
        text: 'Nothing begins from Mon 2026-01-05 13:00 UTC to Mon 2026-01-05 14:00 UTC: an audit.',
        id: 'f',
        isOn: false,
        by: 'mona',
      },
    ],
    windows: {
      text: 'Outside its windows: opens Mon 2026-01-12 09:00 UTC. An approver can override it. Windows: mon 09:00 to 10:00 (UTC).',
      isOpen: false,
      opensAt: '2026-01-12T09:00:00.000Z',
      closesAt: null,
    },
    approvals: {
      text: 'Each deployment waits for 2 approvals from mona or @acme/deployers, 7 days at most.',
      required: 2,
      expireSeconds: 86_400,
      withinSeconds: 604_800,
    },
  })
  t.match(presentHolds(holds, nowMs - 3 * hour).windows, {
    text: 'Deployments may begin now, until Mon 2026-01-05 10:00 UTC. Windows: mon 09:00 to 10:00 (UTC).',
    isOpen: true,
    opensAt: null,
    closesAt: '2026-01-05T10:00:00.000Z',
  })
  const nothing = { locks: [], freezes: [], windows: [] }
  t.strictSame(presentHolds(nothing, nowMs), { ...nothing, windows: null, approvals: null })
})

t.test('what a merge would be held back by', async (t) => {
  t.match(foreseeHolds(holds, nowMs), [
    /^acme\/shop is locked/,
    /the fair/,
    /^Waits for 2 of 2 approvals/,
    /^Outside/,
  ])
  const facts: Facts = {
    ...{ repository: 'acme/shop', environment: 'production', nowMs, isKnown: true },
    ...{ deploysMerges: true, deploysTags: false },
    ...{ isEnvironment: true, hasPaths: false, workers: 1, holds },
    ...{
      waiting: [],
      held: [],
      jobs: [],
      unsent: [],
      stopped: [],
      skipped: [],
      merges: [],
      mergesGivenUp: [],
    },
    ...{ refused: [], finished: [] },
  }
  t.match(foreseeMerge(facts), {
    deployed: 'later',
    text: /^It would be held back: acme\/shop is locked by octocat: /,
  })
  t.match(foreseeMerge({ ...facts, deploysMerges: false, after: 'staging' }), {
    deployed: 'later',
    text: /once staging has succeeded with it: see why there\. Then it would be held back: acme\/shop is/,
  })
})

t.test('who has said what of one that waits', async (t) => {
  const approval = { by: 'mona', verdict: 'approved', comment: 'Go.', at: nowMs, rules: 'abc' } as const
  t.strictSame(presentApproval({ ...approval, standing: 'counts' }), {
    text: 'mona approved it at 2026-01-05T12:00:00.000Z.',
    ...{ by: 'mona', verdict: 'approved', comment: 'Go.', at: '2026-01-05T12:00:00.000Z', counts: true },
  })
  t.match(presentApproval({ ...approval, standing: 'of other rules' }), {
    text: 'mona approved it at 2026-01-05T12:00:00.000Z, which does not count: the rules have changed since.',
    counts: false,
  })
})
