// What is decided about notices, without anything around it.
import t from 'tap'
import type { ChannelRules } from '../../../src/config/rules.ts'
import { readDeploymentPayload } from '../../../src/deployments/payload.ts'
import { nameChannels } from '../../../src/notices/channel-names.ts'
import { channelsFor } from '../../../src/notices/matching.ts'
import { isStale } from '../../../worker/handlers/announce-status.ts'
import { authorsOf } from '../../../worker/notices/changes.ts'
import { waitMs } from '../../../worker/notices/channel-timing.ts'
import { pagesOf } from '../../../worker/notices/pages.ts'
import { secretsOf } from '../../../worker/notices/secrets-of.ts'
import { isPerson } from '../../../worker/notices/who-asked.ts'

const channel = (id: string, differs: Partial<ChannelRules> = {}): ChannelRules => ({
  id,
  target: { kind: 'slack', url: `https://hooks.slack.com/${id}` },
  on: ['success'],
  environments: [],
  texts: {},
  commits: 5,
  perMinute: 30,
  ...differs,
})

t.test('who is told', async (t) => {
  const notify = [
    channel('a', { environments: ['staging*'], commits: 1 }),
    channel('b', { on: ['failure'] }),
    channel('a', { commits: 2 }),
    channel('a', { commits: 3 }),
    channel('c', { environments: ['*', '!production'] }),
  ]
  const told = (environment: string, state: 'success' | 'failure') =>
    channelsFor({ notify }, environment, state).map(({ id, commits }) => `${id}${commits}`)
  t.same(told('staging-eu', 'success'), ['a1', 'c5'])
  t.same(told('production', 'success'), ['a2'], 'two that lead to one place are one, and the first counts')
  t.same(told('production', 'failure'), ['b5'])
})

t.test('channels have names that tell them apart, and no addresses', async (t) => {
  const names = nameChannels([
    { repository: undefined, channel: channel('a') },
    { repository: 'acme/shop', channel: channel('b') },
    { repository: 'acme/shop', channel: channel('c') },
    { repository: 'acme/one', channel: channel('d') },
    { repository: 'acme/two', channel: channel('d') },
    { repository: 'acme/shop', channel: channel('a') },
  ])
  t.same(
    names.map(({ name, repository }) => [name, repository]),
    [
      ['slack (everything)', undefined],
      ['slack (acme/shop)', 'acme/shop'],
      ['slack 2 (acme/shop)', 'acme/shop'],
      ['slack (acme/one, acme/two)', undefined],
    ],
  )
})

t.test('how long a channel rests', async (t) => {
  const timing = { firstWaitMs: 1000, longestWaitMs: 300_000 }
  const day = 86_400_000
  t.same(
    [1, 2, 3, 9, 10, 5000].map((tries) => waitMs(tries, undefined, day, timing)),
    [1000, 2000, 4000, 256_000, 300_000, 300_000],
  )
  t.equal(waitMs(1, 3_600_000, day, timing), 3_600_000, 'as long as it said')
  t.equal(waitMs(20, 0, day, timing), 1)
  t.equal(waitMs(1, 7_200_000, 60_000, timing), 60_000, 'no longer than there is time for the notice')
})

t.test('what comes late is not told, unless it is the end', async (t) => {
  t.notOk(isStale('in_progress', 5, 4))
  t.notOk(isStale('in_progress', 5, 5), 'what is told again after a crash is the same')
  t.ok(isStale('in_progress', 5, 6))
  t.notOk(isStale('success', 5, 6))
})

t.test('whose change it is', async (t) => {
  const commit = (login?: string) => ({
    ...{ sha: 'a', title: 'b', author: 'The Boss' },
    ...(login === undefined ? {} : { login }),
  })
  const changes = { base: 'c', total: 4, commits: [commit('x'), commit(), commit('x'), commit('d[bot]')] }
  t.same(authorsOf('failure', changes), ['x'], 'people, by what GitHub knows and not by what they wrote')
  t.same(authorsOf('success', changes), [])
  t.same(authorsOf('error', undefined), [])
})

t.test('who asked', async (t) => {
  t.ok(isPerson({ by: 'octocat', face: 'comment' }))
  t.notOk(isPerson({ by: 'octocat', face: 'api' }), 'a token may have any name')
  t.notOk(isPerson({ by: 'ADMIN_TOKEN', face: 'dashboard' }))
})

t.test('the pages of an environment whose name is a nuisance', async (t) => {
  const about = { repository: { id: 1, owner: 'acme', name: 'shop' }, sha: 'abc' }
  const roots = { publicUrl: 'https://l.example', githubUrl: 'https://github.com' }
  t.strictSame(pagesOf(roots, { ...about, environment: 'a b/\ud800?' }), {
    repository: 'https://github.com/acme/shop',
    commit: 'https://github.com/acme/shop/commit/abc',
    why: 'https://l.example/why/acme/shop/a%20b%2F%EF%BF%BD%3F',
  })
})

t.test("a deployment's room is read with care", async (t) => {
  const askedIn = (notify: unknown) => readDeploymentPayload({ notify }).askedIn
  t.strictSame(askedIn({ adapter: 'slack', room: 'ops', user: 'U1', user_name: 'mona', message_id: '1' }), {
    adapter: 'slack',
    room: 'ops',
    user: 'mona',
  })
  t.strictSame(askedIn({ room: 7, user: 'U1', thread_id: ' ' }), { room: '7', user: 'U1' })
  for (const nothing of [
    undefined,
    null,
    'ops',
    [],
    {},
    { room: '' },
    { room: {} },
    { room: 'x'.repeat(201) },
  ]) {
    t.equal(askedIn(nothing), undefined)
  }
})

t.test('what must not be shown of an address', async (t) => {
  const shown = 'connect to /services/T/B/xyz?a=b failed'
  const secrets = secretsOf({ kind: 'slack', url: 'https://hooks.slack.com/services/T/B/xyz?a=b' })
  t.ok(secrets.some((secret) => shown.includes(secret)))
  t.ok(
    secretsOf({ kind: 'email', server: 'smtp://me:p%40ss@mail.example', from: 'a', to: [] }).includes('p@ss'),
  )
  t.same(secretsOf({ kind: 'discord', url: 'https://d.example' }), [
    'https://d.example',
    'https://d.example/',
  ])
})
