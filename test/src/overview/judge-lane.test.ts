import t from 'tap'
import type { DeploymentRecord } from '../../../src/deployments/record.ts'
import { judgeLane } from '../../../src/overview/judge-lane.ts'
import type { LaneFacts } from '../../../src/overview/lane-facts.ts'
import { shopRepository } from '../api/stores.ts'

function record(id: number, state: DeploymentRecord['state'], changes: Partial<DeploymentRecord> = {}) {
  return {
    id,
    repository: shopRepository,
    environment: 'production',
    ref: 'main',
    sha: String(id).padStart(40, '0'),
    task: 'deploy',
    description: '',
    creator: 'octocat',
    production: true,
    transient: false,
    createdAt: '2026-01-01T00:00:00Z',
    acceptedAt: id,
    state,
    tries: 1,
    delivery: 'guid',
    ...changes,
  } satisfies DeploymentRecord
}

function facts(records: DeploymentRecord[], more: Partial<LaneFacts> = {}): LaneFacts {
  return { records: new Map(records.map((each) => [each.id, each])), said: new Map(), held: [], ...more }
}

const note = (deployment: number, reason: string) => ({
  deployment,
  holds: [{ hold: 'wait', reason }],
  since: 1,
  at: 1,
})

const rows: [what: string, facts: LaneFacts, standing: object][] = [
  ['nothing was ever deployed', facts([]), { health: 'nothing', waiting: [] }],
  [
    'a success that nobody verified',
    facts([record(1, 'success', { finishedAt: 5 })], { lastSuccess: 1, newestStarted: 1 }),
    { health: 'deployed', current: { id: 1 }, failed: undefined },
  ],
  [
    'a success that was verified',
    facts([record(1, 'success', { finishedAt: 5, verifiedAt: 5 })], { lastSuccess: 1 }),
    { health: 'verified' },
  ],
  [
    'a later one failed',
    facts([record(1, 'success', { finishedAt: 5 }), record(2, 'failure', { finishedAt: 6 })], {
      lastSuccess: 1,
      newestStarted: 2,
      failed: 2,
    }),
    { health: 'failing', current: { id: 1 }, failed: { id: 2 } },
  ],
  [
    'one that failed stays known while the next runs',
    facts(
      [
        record(1, 'success', { finishedAt: 5 }),
        record(2, 'error', { finishedAt: 6 }),
        record(3, 'in_progress'),
      ],
      { lastSuccess: 1, newestStarted: 3, failed: 2, holder: 3 },
    ),
    { health: 'failing', running: { id: 3 }, failed: { id: 2 } },
  ],
  [
    'an older version noted only what was begun last',
    facts([record(1, 'success', { finishedAt: 5 }), record(2, 'failure', { finishedAt: 6 })], {
      lastSuccess: 1,
      newestStarted: 2,
    }),
    { health: 'failing', failed: { id: 2 } },
  ],
  [
    'an older version, and what failed was made good since',
    facts([record(3, 'success', { finishedAt: 7 }), record(2, 'failure', { finishedAt: 6 })], {
      lastSuccess: 3,
      newestStarted: 2,
    }),
    { health: 'deployed', failed: undefined },
  ],
  [
    'the first one failed',
    facts([record(1, 'failure', { finishedAt: 5 })], { newestStarted: 1, failed: 1 }),
    { health: 'failing', current: undefined },
  ],
  [
    'records run out',
    facts([], { lastSuccess: 1, newestStarted: 1 }),
    { health: 'deployed', current: undefined },
  ],
  [
    'records of failures, too',
    facts([], { lastSuccess: 1, failed: 2 }),
    { health: 'failing', failed: undefined },
  ],
  [
    'a holder that is over runs no more',
    facts([record(1, 'success', { finishedAt: 5 })], { holder: 1, lastSuccess: 1 }),
    { running: undefined, waiting: [] },
  ],
  [
    'those that wait, in order, and what the first waits for',
    facts([record(5, 'in_progress'), record(9, 'queued'), record(7, 'queued')], {
      holder: 5,
      said: new Map([
        [7, 'production is busy with #5.'],
        [9, 'Something else.'],
      ]),
    }),
    {
      running: { id: 5 },
      waiting: [{ id: 7 }, { id: 9 }],
      waitsFor: 'production is busy with #5.',
    },
  ],
  [
    'what holds it back says why',
    facts([record(7, 'queued')], {
      held: [note(7, 'It waits until 10:00.')],
      said: new Map([[7, 'Older.']]),
    }),
    { waitsFor: 'It waits until 10:00.' },
  ],
  [
    'one that came just now',
    facts([record(5, 'in_progress'), record(7, 'pending')], { holder: 5 }),
    { waiting: [{ id: 7 }], waitsFor: 'production is busy with #5.' },
  ],
  [
    'one that begins in a moment',
    facts([record(7, 'pending')]),
    { waiting: [{ id: 7 }], waitsFor: undefined },
  ],
]

for (const [what, given, standing] of rows) {
  t.test(what, async (t) => void t.match(judgeLane('production', given), standing))
}
