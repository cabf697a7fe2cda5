// From facts to sentences: what no running fleet shows at will.
import t from 'tap'
import { explain } from '../../../src/api/why/explain.ts'
import type { Facts, JobFact } from '../../../src/api/why/facts.ts'
import { durationWords, listWords } from '../../../src/api/why/words.ts'
import type { Gate } from '../../../src/ci/gates.ts'
import type { DeploymentRecord } from '../../../src/deployments/record.ts'

const nowMs = Date.parse('2026-01-02T12:00:00Z')
const places = { publicUrl: 'http://livraison.test', githubUrl: 'https://github.com' }

const idle: Facts = {
  repository: 'acme/shop',
  environment: 'production',
  nowMs,
  isKnown: true,
  deploysMerges: true,
  deploysTags: false,
  isEnvironment: true,
  hasPaths: false,
  waiting: [],
  holds: { locks: [], freezes: [], windows: [] },
  held: [],
  jobs: [],
  unsent: [],
  workers: 1,
  stopped: [],
  skipped: [],
  merges: [],
  mergesGivenUp: [],
  refused: [],
  finished: [],
}

function record(id: number, changes: Partial<DeploymentRecord> = {}): DeploymentRecord {
  return {
    id,
    repository: { id: 42, owner: 'acme', name: 'shop' },
    environment: 'production',
    ref: 'main',
    sha: 'abcdef0'.padEnd(40, '0'),
    task: 'deploy',
    description: '',
    creator: 'octocat',
    production: true,
    transient: false,
    createdAt: '2026-01-02T11:00:00Z',
    acceptedAt: nowMs - 60_000,
    state: 'queued',
    tries: 0,
    delivery: 'one',
    ...changes,
  }
}

const runningRecord = record(5, { state: 'in_progress', startedAt: nowMs - 30_000, worker: 'host-1' })
const job: JobFact = {
  id: 'merge-42-7',
  name: 'start-deployment',
  state: 'delayed',
  number: 7,
  sha: 'abcdef0',
  attempts: 3,
  failedReason: 'GitHub answered 500.',
  nextTryAt: nowMs + 20_000,
}

t.test('a run whose worker was lost', async (t) => {
  const { running, merge, summary } = explain(
    { ...idle, running: { record: runningRecord, leaseLeftMs: 0 } },
    places,
  )
  t.match(
    running?.text,
    /^#5 of abcdef0 was begun by host-1, which has not been heard of since its lease ended/,
  )
  t.match(summary, /#5 was lost while it ran/)
  t.equal(merge.text, 'It would wait for #5 to end.')
})

t.test('a lane in which several wait in turn', async (t) => {
  const running = { record: runningRecord, leaseLeftMs: 21_000 }
  const waiting = [record(6), record(7), record(8)]
  const busy = explain({ ...idle, running, waiting }, places)
  t.equal(
    busy.running?.text,
    '#5 of abcdef0 has been running for 30 s on host-1; the lease has 21 s left unless it is renewed.',
  )
  t.strictSame(
    busy.waiting.map(({ text }) => text),
    [6, 7, 8].map((id, index) => `#${id} of abcdef0 waits for #5 to end; its place in line is ${index + 1}.`),
  )
  t.match(busy.merge.text, /So do #6, #7 and #8: where a newer one replaces those that wait/)
  t.equal(
    busy.summary,
    `In production of acme/shop #5 runs and #6, #7 and #8 wait. A merge now: ${busy.merge.text}`,
  )

  const free = explain({ ...idle, waiting }, places)
  t.strictSame(
    free.waiting.map(({ text }) => text),
    [
      '#6 of abcdef0 is next, and begins within seconds if a worker runs.',
      '#7 of abcdef0 waits behind #6; its place in line is 2.',
      '#8 of abcdef0 waits behind #7; its place in line is 3.',
    ],
  )
  t.match(free.merge, { deployed: 'later', text: /^It would wait for #6 to end\. So do #7 and #8:/ })
})

t.test('what is held back, and what is verified', async (t) => {
  const holds = [
    { hold: 'lock', reason: 'Locked by octocat.', limit: { at: nowMs + 600_000, reason: 'Too long.' } },
    { hold: 'wait', reason: 'Held back for 10 min.' },
  ]
  const note = { deployment: 6, holds, since: nowMs - 180_000, at: nowMs }
  const verified = { ...runningRecord, deployedAt: nowMs - 10_000 }
  const { held, running, summary } = explain(
    {
      ...idle,
      running: { record: verified, leaseLeftMs: 9000 },
      held: [{ record: record(6), note, approvals: [] }],
    },
    places,
  )
  t.match(held, [
    {
      text: '#6 of abcdef0 has been held back for 3 min: Locked by octocat. Held back for 10 min. In 10 min it is given up.',
      reasons: ['Locked by octocat.', 'Held back for 10 min.'],
      since: '2026-01-02T11:57:00.000Z',
      deployment: { id: 6 },
    },
  ])
  t.equal(running?.text, '#5 of abcdef0 was deployed 10 s ago, and host-1 verifies that it works.')
  t.match(summary, /#5 runs and #6 is held back\./)
})

t.test('jobs in every state', async (t) => {
  const rows: [change: Partial<JobFact>, facts: Partial<Facts>, text: string | RegExp][] = [
    [
      {},
      {},
      /is to be created at GitHub: it is tried again in 20 s, after 3 attempts\. The last attempt: GitHub an/,
    ],
    [{ nextTryAt: nowMs - 1 }, {}, /: it is tried again now, after 3 attempts/],
    [
      {},
      { pause: { reason: 'unauthorized', leftMs: 40_000 } },
      /GitHub is left alone for 40 s more, because it refuses the token in GITHUB_TOKEN, or the GitHub App\.$/,
    ],
    [{ state: 'active' }, {}, /: a worker is at it\.$/],
    [{ state: 'waiting' }, {}, /: it waits for a worker that has its hands free\.$/],
    [{ state: 'waiting' }, { workers: 0 }, /: no worker runs; start one\.$/],
    [
      { state: 'waiting', name: 'process-deployment' },
      { lackedLabels: ['gpu'] },
      /: no worker that has the label gpu is running; start one\.$/,
    ],
    [
      { state: 'failed', name: 'process-deployment' },
      {},
      /^Deployment #7 \(abcdef0\) is to be run: it was given up after 3 attempts\. The last .* Redeliver the event/,
    ],
  ]
  for (const [change, facts, text] of rows) {
    const { jobs, summary } = explain({ ...idle, ...facts, jobs: [{ ...job, ...change }] }, places)
    t.match(jobs[0]?.text, text)
    t.match(summary, /nothing runs and 1 job is on the way/)
  }
})

const gate: Gate = {
  jobId: 'merge-42-7',
  repositoryId: 42,
  environment: 'production',
  sha: 'abcdef0'.padEnd(40, '0'),
  pullRequest: 7,
  verdict: 'pending',
  checks: ['build (in_progress)', 'ci/test (pending)'],
  since: nowMs - 180_000,
  until: nowMs + 57 * 60_000,
}

t.test('a merge that waits for its CI', async (t) => {
  const { jobs } = explain({ ...idle, jobs: [{ ...job, attempts: 0, gate }] }, places)
  t.match(jobs, [{ waitsFor: gate.checks, gate: undefined }])
  t.equal(
    jobs[0]?.text,
    'The deployment of pull request #7 (abcdef0) is to be created at GitHub: it has waited for CI for 3 min: build (in_progress) and ci/test (pending). What CI reports wakes it, and it looks in 20 s by itself; in 57 min it is given up.',
  )
  const pause = { reason: 'rate-limited', leftMs: 40_000 }
  t.match(
    explain({ ...idle, pause, jobs: [{ ...job, gate }] }, places).jobs[0]?.text,
    /left alone for 40 s more/,
  )
})

t.test('merges that CI has stopped', async (t) => {
  const rows: [change: Partial<Gate>, text: RegExp][] = [
    [
      { verdict: 'red', checks: ['build (failure)'] },
      /was not deployed: its CI has failed: build \(failure\)\. To deploy it all the same, create a deployment of it\.$/,
    ],
    [
      { verdict: 'late', until: nowMs },
      /was not deployed: its CI was not done after 3 min: build \(in_progress\) and/,
    ],
  ]
  for (const [change, text] of rows) {
    const { stoppedByCi } = explain({ ...idle, stopped: [{ ...gate, ...change }] }, places)
    t.match(stoppedByCi, [
      { text, pullRequest: 7, sha: gate.sha, verdict: change.verdict, since: /Z$/, at: /Z$/ },
    ])
  }
})

t.test('what would become of a merge', async (t) => {
  const rows: [facts: Partial<Facts>, deployed: string, text: RegExp][] = [
    [{}, 'at once', /^It would be deployed at once\.$/],
    [{ isKnown: false }, 'not', /^No delivery of acme\/shop has ever arrived/],
    [{ deploysMerges: false }, 'not', /^A merge is not deployed to production; a deployment/],
    [{ deploysMerges: false, deploysTags: true }, 'not', /^A merge is .* to production; a tag is, and a/],
    [{ deploysMerges: false, after: 'staging' }, 'later', /^It would be deployed once staging has succeeded/],
    [
      { deploysMerges: false, isEnvironment: false },
      'not',
      /^production is not an environment of acme\/shop/,
    ],
    [{ waitMs: 600_000 }, 'later', /^It would be held back for 10 min first\.$/],
    [{ workers: 0 }, 'later', /until a worker is started/],
    [
      { lackedLabels: ['eu', 'production'] },
      'later',
      /no worker that has the labels eu and production is running/,
    ],
    [
      { pause: { reason: 'rate-limited', leftMs: 600_000 } },
      'later',
      /^It would wait for 10 min, for which GitHub/,
    ],
  ]
  for (const [facts, deployed, text] of rows) {
    t.match(explain({ ...idle, ...facts }, places).merge, { deployed, text })
  }
})

t.test('deliveries that could not be taken', async (t) => {
  const arrival = { id: '1-0', at: nowMs, guid: 'g', event: 'deployment', action: 'created', jobs: [] }
  const { refused } = explain(
    {
      ...idle,
      refused: [
        { ...arrival, outcome: 'unavailable', reason: 'Redis was full.' },
        { ...arrival, outcome: 'refused', reason: 'It lacks a sha.' },
      ],
    },
    places,
  )
  t.strictSame(
    refused.map(({ text }) => text),
    [
      '2026-01-02T12:00:00.000Z: deployment created was not taken: Redis was full.',
      '2026-01-02T12:00:00.000Z: deployment created was refused: It lacks a sha.',
    ],
  )
})

t.test('durations and lists in words', async (t) => {
  const durations: [ms: number, words: string][] = [
    [-5, '0 s'],
    [1, '1 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [3 * 3_600_000, '3 h'],
    [3 * 86_400_000, '3 days'],
  ]
  for (const [ms, words] of durations) t.equal(durationWords(ms), words)
  t.strictSame([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listWords), ['', 'a', 'a and b', 'a, b and c'])
})
