// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
import t from 'tap'
import { readDuration } from '../../../src/config/duration.ts'
import { environmentDigest } from '../../../src/config/environment-digest.ts'
import { explainConfig } from '../../../src/config/explain.ts'
import { findEnvironment } from '../../../src/config/find-environment.ts'
import { parseConfig } from '../../../src/config/read-config.ts'
import type { EnvironmentRules } from '../../../src/config/rules.ts'
import { closest } from '../../../src/config/spelling.ts'
import { rulesWithoutFile } from '../../../src/config/without-file.ts'

const read = (text: string, env = {}) => parseConfig(text, '/etc/livraison/livraison.yml', env)

t.test('what the file leaves out is filled in', async (t) => {
  const rules = read('repositories: { acme/shop: { environments: { staging: { run: ./deploy } } } }').of(
    'acme/shop',
  )
  t.strictSame(rules, {
    branch: undefined,
    environments: [
      {
        name: 'staging',
        on: 'merge',
        after: undefined,
        tags: [],
        paths: [],
        executor: {
          kind: 'run',
          command: './deploy',
          env: {},
          timeoutMs: 1_800_000,
          inactivityMs: undefined,
        },
        lane: 'supersede',
        onWorkerLoss: 'fail',
        waitMs: 0,
        approvals: undefined,
        windows: [],
        freezes: [],
        verify: undefined,
        rollback: 'manual',
        pullRequests: 'none',
        url: undefined,
      },
    ],
    checks: [],
    notify: [],
    gate: { required: [], limitMs: 3_600_000 },
  })
})

t.test('what the file says is what the rules are', async (t) => {
  const rules = read(
    `repositories:
  acme/shop:
    branch: release
    gate: { required: [ci/build, lint], limit: 10m }
    environments:
      staging:
        on: push
        request:
          url: https://api.example/deploy
          method: PUT
          headers: { Authorization: "Bearer \${KEY}" }
          body: { sha: "{{sha}}", wait: [true, 1, null] }
          poll: { url: "https://api.example/{{id}}", every: 3s, success: done, failure: broken }
          allow_private: true
        timeout: 90s
        lane: queue
        on_worker_loss: fail
        url: https://staging.example
      production: { after: Staging, use: ./mine.js, with: { region: west }, timeout: 2h }
      review: { on: manual, run: x, env: { A: "1" }, inactivity: 30s }
      demo: { simulate: 500ms }
    checks:
      - { context: ci/test, run: npm test }
      - { context: ci/lint, run: npm run lint, env: { A: "1" }, timeout: 1m, forks: true }
`,
    { KEY: 'k' },
  ).of('ACME/Shop')
  t.strictSame(rules?.checks, [
    { context: 'ci/test', command: 'npm test', env: {}, timeoutMs: 900_000, forks: false },
    { context: 'ci/lint', command: 'npm run lint', env: { A: '1' }, timeoutMs: 60_000, forks: true },
  ])
  t.match(rules, { branch: 'release', gate: { required: ['ci/build', 'lint'], limitMs: 600_000 } })
  t.strictSame(
    rules?.environments.map(({ executor }) => executor),
    [
      {
        kind: 'request',
        url: 'https://api.example/deploy',
        method: 'PUT',
        headers: { Authorization: 'Bearer k' },
        body: { sha: '{{sha}}', wait: [true, 1, null] },
        timeoutMs: 90_000,
        poll: { url: 'https://api.example/{{id}}', everyMs: 3000, success: 'done', failure: 'broken' },
        allowPrivate: true,
      },
      { kind: 'use', path: '/etc/livraison/mine.js', options: { region: 'west' }, timeoutMs: 7_200_000 },
      { kind: 'run', command: 'x', env: { A: '1' }, timeoutMs: 1_800_000, inactivityMs: 30_000 },
      { kind: 'simulate', workMs: 500 },
    ],
  )
  t.strictSame(
    rules?.environments.map(({ name, on, after, lane, onWorkerLoss }) => [
      name,
      on,
      after,
      lane,
      onWorkerLoss,
    ]),
    [
      ['staging', 'push', undefined, 'queue', 'fail'],
      ['production', 'promotion', 'Staging', 'supersede', 'fail'],
      ['review', 'manual', undefined, 'supersede', 'fail'],
      ['demo', 'merge', undefined, 'supersede', 'rerun'],
    ],
  )
})

t.test('what comes after the work is filled in, too', async (t) => {
  const rules = read(`repositories:
  acme/shop:
    environments:
      staging: { run: x, wait: 10m, verify: { url: "https://a.example" }, rollback: automatic }
      hurried: { run: x, verify: { url: "https://a.example", within: 2s, expect: 204 } }
      patient: { run: x, verify: { url: "https://a.example", within: 5m, for: 2m, every: 15s, timeout: 1s, expect: [200, 302] } }
`).of('acme/shop')
  const url = 'https://a.example'
  const usual = { url, withinMs: 60_000, forMs: 30_000, everyMs: 5000, timeoutMs: 5000, expect: undefined }
  t.strictSame(
    rules?.environments.map(({ waitMs, verify, rollback }) => ({ waitMs, verify, rollback })),
    [
      { waitMs: 600_000, verify: usual, rollback: 'automatic' },
      { waitMs: 0, verify: { ...usual, withinMs: 2000, everyMs: 2000, expect: [204] }, rollback: 'manual' },
      {
        waitMs: 0,
        verify: {
          url,
          ...{ withinMs: 300_000, forMs: 120_000, everyMs: 15_000, timeoutMs: 1000, expect: [200, 302] },
        },
        rollback: 'manual',
      },
    ],
  )
})

t.test('the most exact name wins, whatever the order and the case', async (t) => {
  const branches = [
    '"*/*": { branch: any }',
    'acme/*: { branch: acme }',
    'acme/shop-*: { branch: shops }',
    'Acme/Shop: { branch: shop }',
    'acme/?: { branch: letter }',
    '"*/site-*": { branch: sites }',
  ]
  for (const order of [branches, branches.toReversed()]) {
    const rules = read(`repositories:\n  ${order.join('\n  ')}`)
    const branch = (name: string) => rules.of(name)?.branch
    t.equal(branch('acme/shop'), 'shop')
    t.equal(branch('ACME/SHOP'), 'shop')
    t.equal(branch('acme/shop-api'), 'shops')
    t.equal(branch('acme/a'), order === branches ? 'acme' : 'letter', 'of equals, the first')
    t.equal(branch('acme/.github'), 'acme')
    t.equal(branch('Acme/other'), 'acme')
    t.equal(branch('octocat/site-1'), 'sites')
    t.equal(branch('octocat/x'), 'any')
  }
  const some = read('repositories: { acme/*: {} }')
  for (const name of ['acmes/shop', 'other/acme', 'acme', 'acme/a/b', ''])
    t.equal(some.of(name), undefined, name)
})

t.test('an environment has one name, as the rules write it', async (t) => {
  const rules = read('repositories: { acme/shop: { environments: { Production: { run: x } } } }').of(
    'acme/shop',
  )
  if (!rules) throw new Error('There are rules.')
  t.equal(findEnvironment(rules, 'production')?.name, 'Production')
  t.equal(findEnvironment(rules, 'staging'), undefined)
})

t.test('without a file, merges go to production, and whatever is created is run', async (t) => {
  const without = rulesWithoutFile(1500)
  const rules = without.of('any/thing')
  if (!rules) throw new Error('There are rules.')
  t.match(without, { digest: 'no-file', secrets: [] })
  t.match(rules.environments, [
    { name: 'production', on: 'merge', executor: { kind: 'simulate', workMs: 1500 } },
  ])
  t.equal(rules.environments.length, 1)
  t.match(findEnvironment(rules, 'review/7'), { name: 'review/7', on: 'manual', lane: 'supersede' })
})

t.test('durations', async (t) => {
  t.strictSame(
    ['500ms', '30s', '15m', '2h', '7d', '0s'].map(readDuration),
    [500, 30_000, 900_000, 7_200_000, 604_800_000, 0],
  )
  for (const text of ['', '5', 's', '1.5h', '-1s', '1 s', '1h30m', '1S', '1w'])
    t.equal(readDuration(text), undefined, text)
})

t.test('what was probably meant', async (t) => {
  const known = ['run', 'env', 'timeout', 'on_worker_loss']
  t.equal(closest('runn', known), 'run')
  t.equal(closest('Env', known), 'env')
  t.equal(closest('timoeut', known), 'timeout')
  t.equal(closest('on-worker-loss', known), 'on_worker_loss')
  t.equal(closest('colour', known), undefined)
  t.equal(closest('xyz', known), undefined)
})

const held = (
  more = 'approvals: { required: 2, from: [octocat, "@acme/deployers"], expire: 12h, within: 2d }',
  module = './mine.js',
) =>
  `freezes: [{ from: 2026-12-20, until: 2027-01-03, zone: Europe/Paris, reason: Christmas. }]
repositories:
  acme/shop:
    freezes: [{ from: 2026-05-01 08:00, until: 2026-05-01 18:00, reason: the fair }]
    environments:
      production:
        use: ${module}
        windows: [{ days: mon-fri, from: "09:00", to: "16:00", zone: Europe/Paris }, { days: sat, from: "22:00", to: "02:00" }]
        freezes: [{ from: 2026-06-01, until: 2026-06-01, reason: an audit }]
        ${more}
      staging: { simulate: 1s, approvals: {} }
`

t.test('approvals, windows and freezes, those of everything and of the repository among them', async (t) => {
  const [production, staging] = read(held()).of('acme/shop')?.environments ?? []
  t.strictSame(production?.approvals, {
    required: 2,
    from: ['octocat', '@acme/deployers'],
    expireMs: 12 * 3_600_000,
    withinMs: 48 * 3_600_000,
  })
  t.strictSame(production?.windows, [
    { days: [1, 2, 3, 4, 5], from: 540, to: 960, zone: 'Europe/Paris' },
    { days: [6], from: 1320, to: 120, zone: 'UTC' },
  ])
  const at = (text: string) => Date.parse(`${text}Z`)
  const above = [
    {
      from: at('2026-12-19T23:00'),
      until: at('2027-01-03T23:00'),
      zone: 'Europe/Paris',
      reason: 'Christmas.',
    },
    { from: at('2026-05-01T08:00'), until: at('2026-05-01T18:00'), zone: 'UTC', reason: 'the fair' },
  ]
  const audit = {
    from: at('2026-06-01T00:00'),
    until: at('2026-06-02T00:00'),
    zone: 'UTC',
    reason: 'an audit',
  }
  t.strictSame(production?.freezes, [...above, audit])
  t.match(staging, { windows: [], freezes: above })
  t.strictSame(staging?.approvals, {
    required: 1,
    from: [],
    expireMs: 24 * 3_600_000,
    withinMs: 168 * 3_600_000,
  })
})

t.test('they are told in words', async (t) => {
  const words = explainConfig(read(held())).join('\n')
  for (const sentence of [
    'Nothing begins from Sun 2026-12-20 00:00 Europe/Paris to Mon 2027-01-04 00:00 Europe/Paris: Christmas.',
    'Nothing begins from Fri 2026-05-01 08:00 UTC to Fri 2026-05-01 18:00 UTC: the fair.',
    'It begins only mon-fri 09:00 to 16:00 (Europe/Paris) or sat 22:00 to 02:00 of the next day (UTC).',
    'It waits for 2 approvals from octocat or @acme/deployers, never of who asked for it; one counts for 12 h, and after 2 days it ends.',
    'It waits for an approval from whoever has the role approver, never of who asked for it; one counts for 24 h, and after 7 days it ends.',
  ]) {
    t.ok(words.includes(sentence), sentence)
  }
})

t.test('the digest of an environment changes with its rules, and with nothing else', async (t) => {
  const production = (text: string, file = '/etc/livraison/livraison.yml') =>
    parseConfig(text, file, {}).of('acme/shop')?.environments[0] as EnvironmentRules
  const digest = environmentDigest(production(held()))
  t.match(digest, /^[0-9a-f]{12}$/)
  t.equal(
    environmentDigest(production(held().replace('simulate: 1s', 'simulate: 2s'))),
    digest,
    'another’s rules',
  )
  t.equal(environmentDigest(production(held(), '/elsewhere/livraison.yml')), digest, 'the place of the file')
  t.not(environmentDigest(production(held('approvals: { required: 1 }'))), digest)
  t.not(environmentDigest(production(held(undefined, './other.js'))), digest)
})
