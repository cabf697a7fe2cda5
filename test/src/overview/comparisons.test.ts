import t, { type Test } from 'tap'
import { openRepositories } from '../../../src/deliveries/repositories.ts'
import { createEnqueue } from '../../../src/jobs/enqueue.ts'
import { openComparisonMemory } from '../../../src/overview/comparison-memory.ts'
import { openComparisons } from '../../../src/overview/open-comparisons.ts'
import { eventually, type FleetOptions, shop, startFleet } from '../../fixtures/fleet.ts'

const manual =
  'repositories:\n  acme/shop:\n    environments:\n      production: { on: manual, simulate: 1ms }\n'

async function open(t: Test, options: FleetOptions = {}) {
  const fleet = await startFleet(t, { config: manual, ...options })
  const { store, redis, receiver, sandbox } = fleet
  const memory = openComparisonMemory(store, redis.prefix)
  const repositories = openRepositories(store, redis.prefix)
  const enqueue = createEnqueue(store, receiver.queues, redis.prefix)
  const first = await sandbox.push(shop, { message: 'First\n\nIn more words.' })
  const { id } = await eventually(() => repositories.named(shop), 'the repository is known')
  return {
    ...fleet,
    id,
    first,
    memory,
    comparisons: openComparisons({ memory, repositories, enqueue }),
    compares: () =>
      sandbox.requests.filter(({ operationId }) => operationId === 'repos/compare-commits-with-basehead'),
    /** As if a minute had gone by. */
    grow: (base: string, head: string) =>
      store.del(`${redis.prefix}:comparison:${id}:${base}:${head}:lately`),
  }
}

t.test('two commits are compared once, and for good', async (t) => {
  const { comparisons, sandbox, compares, id, first, grow } = await open(t)
  const second = await sandbox.push(shop, { message: 'Second' })
  const third = await sandbox.push(shop, { message: 'Third' })
  const looks = await Promise.all([1, 2, 3].map(() => comparisons.read(id, first, third)))
  t.strictSame(looks, [undefined, undefined, undefined])
  const found = await eventually(() => comparisons.read(id, first, third), 'the comparison')
  t.strictSame(found, {
    ahead: 2,
    behind: 0,
    commits: [
      { sha: third, title: 'Third', author: 'octocat', login: 'octocat' },
      { sha: second, title: 'Second', author: 'octocat', login: 'octocat' },
    ],
  })
  await grow(first, third)
  const again = await comparisons.look({ repositoryId: id, base: first, head: third })
  t.match(again, { isStale: false, answer: { ahead: 2 } })
  t.strictSame(await comparisons.count([{ repositoryId: id, base: first, head: third }]), [
    { isStale: false, answer: { ahead: 2, behind: 0 } },
  ])
  t.equal(compares().length, 1)
  t.strictSame(sandbox.violations, [])
})

t.test('a branch is asked for again after a minute; meanwhile the old answer is given', async (t) => {
  const { comparisons, sandbox, compares, id, first, grow, store, redis } = await open(t)
  const news = async () => {
    const entries = await store.xrange(`${redis.prefix}:changes`, '-', '+')
    return entries.filter(([, fields]) => fields[1] === 'comparison').length
  }
  const wish = { repositoryId: id, base: first, head: 'HEAD' }
  const known = async (ahead: number) => {
    const found = await comparisons.look(wish)
    return found.answer?.ahead === ahead && !found.isStale
  }
  await eventually(() => known(0), 'nothing is missing yet')
  await sandbox.push(shop, { message: 'Second' })
  t.match(await comparisons.look(wish), { isStale: false, answer: { ahead: 0 } }, 'a minute has not gone by')
  await grow(first, 'HEAD')
  t.match(await comparisons.look(wish), { isStale: true, answer: { ahead: 0 } })
  await eventually(() => known(1), 'the new commit')
  t.equal(compares().length, 2)
  // It is told once it can be read.
  await eventually(async () => (await news()) === 2, 'that each new answer is told')

  await grow(first, 'HEAD')
  await comparisons.look(wish)
  await eventually(() => known(1), 'the same answer')
  t.equal(compares().at(-1)?.status, 304, 'what has not changed does not count against the rate limit')
  t.equal(await news(), 2, 'and is no news')
  const asked = sandbox.requests.filter(({ operationId }) => operationId === 'repos/get')
  t.equal(asked.length, 1, 'the default branch is learnt once')
})

t.test('branches whose names have slashes', async (t) => {
  const { comparisons, sandbox, id, first } = await open(t)
  await sandbox.push(shop, { branch: 'release/1-ü', message: 'On a branch' })
  const found = await eventually(() => comparisons.read(id, first, 'release/1-ü'), 'the comparison')
  t.match(found, { ahead: 1, commits: [{ title: 'On a branch' }] })
  t.strictSame(sandbox.violations, [])
})

t.test('a commit that is gone is remembered as such, for a while', async (t) => {
  const { comparisons, compares, id, first, store, redis } = await open(t)
  const wish = { repositoryId: id, base: 'f'.repeat(40), head: first }
  const found = await eventually(async () => {
    const known = await comparisons.look(wish)
    return known.unknown === undefined ? undefined : known
  }, 'the reason')
  t.match(found, { unknown: /404/, isStale: false })
  t.equal(await comparisons.read(id, wish.base, wish.head), undefined)
  t.equal(compares().length, 1)
  const left = await store.pttl(`${redis.prefix}:comparison:${id}:${wish.base}:${wish.head}`)
  t.ok(left > 0 && left <= 600_000, String(left))
})

t.test('while little of the rate limit is left, nothing is asked', async (t) => {
  const { comparisons, compares, id, first, store, redis, log } = await open(t)
  await store.set(`${redis.prefix}:github:low`, 1, 'PX', 60_000)
  await comparisons.read(id, first, 'main')
  await eventually(() => log.some(({ msg }) => /no comparison/.test(msg)), 'a word about it')
  t.equal(compares().length, 0)
})

t.test('what GitHub cannot compare is given up soon, and an old answer stays', async (t) => {
  const { comparisons, sandbox, memory, id, first, grow } = await open(t)
  sandbox.faults.add({ operation: 'repos/compare-commits-with-basehead', answer: { status: 503 } })
  const wish = { repositoryId: id, base: first, head: 'main' }
  await eventually(async () => (await comparisons.look(wish)).unknown, 'the reason')
  await memory.write(wish, { ahead: 3, behind: 0, commits: [] })
  await grow(first, 'main')
  t.match(await comparisons.look(wish), { isStale: true, answer: { ahead: 3 } })
  await eventually(
    () => sandbox.requests.filter(({ status }) => status === 503).length >= 6,
    'it was given up twice',
  )
  t.match(await comparisons.look(wish), { answer: { ahead: 3 } })
})

t.test('a look at many asks for a part; the next for the rest', async (t) => {
  const { comparisons, receiver, id, first } = await open(t, { workers: 0 })
  const wishes = Array.from({ length: 70 }, (_, index) => ({
    repositoryId: id,
    base: first,
    head: `b${index}`,
  }))
  const waiting = async () => (await receiver.jobIds()).filter((job) => job.startsWith('compare-')).length
  await comparisons.count([...wishes, ...wishes])
  t.equal(await waiting(), 50)
  await comparisons.count(wishes)
  t.equal(await waiting(), 70)
  t.strictSame(await comparisons.count([]), [])
})
