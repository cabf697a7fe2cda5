// Every key that Livraison writes is in docs/redis.md, with its type and its bound.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { documentedKeys, rowOf } from '../../scripts/redis/documented-keys.ts'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'
import { signIn } from '../fixtures/signed-in.ts'

const markdown = readFileSync('docs/redis.md', 'utf8')
const known = documentedKeys(markdown)

const config = `repositories:
  acme/shop:
    merge: { label: automerge }
    checks:
      - { context: livraison/test, run: "true" }
    environments:
      staging: { simulate: 10ms, on: merge, pull_requests: true }
      production: { simulate: 10ms, after: staging, approvals: { required: 1, from: [octocat, mona] } }
      review: { simulate: 10ms, on: manual }
    notify:
      - webhook: { url: "http://127.0.0.1:1/nobody", allow_private: true }
`

t.test('the table is read', async (t) => {
  t.ok(known.length > 80)
  const find = (key: string) => rowOf(known, key)?.pattern
  t.equal(find('lane:7:a:b c/é'), 'lane:<repository>:<environment>')
  t.equal(find('deployment:1:log'), 'deployment:<id>:log')
  t.equal(find('notices-abc:wait'), '<queue>:wait')
  t.equal(find('events:merge-7-1'), '<queue>:<job>')
  t.equal(find('nothing-of-ours'), undefined)
})

t.test('whatever the source names is in the table', async (t) => {
  const first = new Set(known.map(({ pattern }) => pattern.split(':')[0]))
  const named = ['src', 'worker'].flatMap((room) =>
    readdirSync(room, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => {
        const text = readFileSync(join(room, file), 'utf8')
        return [...text.matchAll(/`\$\{(?:prefix|keyPrefix|tools\.prefix)\}:([a-z-]+)/g)].map(
          ([, name]) => name,
        )
      }),
  )
  t.ok(named.length > 40, 'there is something to look at')
  const missing = [...new Set(named)].filter(
    (name) => !first.has(name) && name !== 'callbacks' && name !== 'health',
  )
  t.strictSame(missing, [], 'docs/redis.md lacks these')
})

t.test('whatever is found in Redis is in the table, of its type, and expires if it says so', async (t) => {
  const fleet = await startFleet(t, { config, settings: { RECONCILE_SECONDS: '1' } })
  const { sandbox, receiver, redis, store } = fleet
  await signIn(receiver)
  await receiver.act('POST', '/tokens', { name: 'ci', role: 'viewer', expires: '1d' })
  const first = await sandbox.openPullRequest(shop, { title: 'Mend the cart', branch: 'one' })
  await sandbox.mergePullRequest(shop, first.number)
  const second = await sandbox.openPullRequest(shop, { title: 'Mend it more', branch: 'two' })
  await sandbox.comment(shop, second.number, '/deploy staging', { user: 'octocat' })
  await receiver.act('PUT', `/locks/${shop}/review`, { reason: 'Not now' })
  await receiver.act('POST', '/freezes', {
    repository: shop,
    reason: 'Holidays',
    from: '2030-01-01T00:00:00Z',
    until: '2030-01-02T00:00:00Z',
  })
  await receiver.act('POST', '/deployments', { repository: shop, environment: 'review', ref: 'main' })
  await receiver.get('/api/deployments')
  await receiver.api(`/why/${shop}/production`)
  const inProduction = await sandbox.whenever(
    () => sandbox.deployments(shop).find(({ environment }) => environment === 'production'),
    { what: 'a promotion', timeoutMs: 30_000 },
  )
  await receiver.act('POST', `/deployments/${shop}/${inProduction.id}/approve`, {})
  const below = `${redis.prefix}:`
  const keys = async () =>
    (await store.keys(`${below.replaceAll(/[{}[\]]/g, '\\$&')}*`)).map((key) => key.slice(below.length))
  await eventually(async () => (await keys()).some((key) => key.startsWith('channel:')), 'a channel', 20_000)

  const seen = new Set<string>()
  for (const key of await keys()) {
    const [type, ttl] = await Promise.all([store.type(below + key), store.pttl(below + key)])
    // It has ended since it was listed.
    if (type === 'none') continue
    const row = rowOf(known, key)
    if (row === undefined) {
      t.fail(`docs/redis.md does not know ${key}, a ${type}`)
      continue
    }
    seen.add(row.pattern)
    if (row.type !== type) t.fail(`${key} is a ${type}; docs/redis.md has ${row.pattern}, a ${row.type}`)
    if (row.expires && ttl === -1) t.fail(`${key} does not expire; docs/redis.md says that it does`)
  }
  t.ok(seen.size > 30, `${seen.size} kinds of keys were met`, { seen: [...seen] })
})
