import t, { type Test } from 'tap'
import { openHeld } from '../../../src/deployments/held.ts'
import { openFreezes } from '../../../src/locks/freezes.ts'
import { type LockRequest, openLocks } from '../../../src/locks/locks.ts'
import type { Scope } from '../../../src/locks/scope.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { jobOf, openStores } from '../api/stores.ts'

const repository = 'acme/shop'
const production: Scope = { kind: 'environment', repositoryId: 42, repository, environment: 'production' }
const shop: Scope = { kind: 'repository', repositoryId: 42, repository }
const everything: Scope = { kind: 'everything' }

async function open(t: Test) {
  const receiver = await startReceiver(t)
  const stores = await openStores(t, receiver)
  const held = openHeld(stores.redis, stores.keys, stores.queues)
  return {
    ...stores,
    held,
    prefix: receiver.prefix,
    locks: openLocks(stores.redis, receiver.prefix, held),
    freezes: openFreezes(stores.redis, receiver.prefix, held),
  }
}

const asking = (owner: string, changes: Partial<LockRequest> = {}): LockRequest => ({
  scope: production,
  owner,
  reason: 'A migration “à la main”.',
  kind: 'hard',
  ownerMayDeploy: false,
  ...changes,
})

t.test('a lock is on its scope, and holds what is in it', async (t) => {
  const { locks, records } = await open(t)
  const before = await records.nowMs()
  const taken = await locks.lock(asking('octocat', { expiresInMs: 60_000 }))
  t.match(taken, { outcome: 'locked', lock: asking('octocat') })
  const { lock } = taken
  t.ok(lock.since >= before && lock.expiresAt === lock.since + 60_000)
  t.same(await locks.on(production), lock)
  t.equal(await locks.on(shop), undefined)
  await locks.lock(asking('mona', { scope: shop }))
  await locks.lock(asking('hubot', { scope: everything }))
  const ownersOf = async (id: number, environment: string) =>
    (await locks.of(id, environment)).map(({ owner }) => owner)
  t.same(await ownersOf(42, 'Production'), ['hubot', 'mona', 'octocat'])
  t.same(await ownersOf(42, 'staging'), ['hubot', 'mona'])
  t.same(await ownersOf(7, 'production'), ['hubot'])
  t.same((await locks.all()).map(({ owner }) => owner).sort(), ['hubot', 'mona', 'octocat'])
})

t.test('another’s lock stays as it is, one’s own is renewed', async (t) => {
  const { locks } = await open(t)
  const { lock } = await locks.lock(asking('octocat', { expiresInMs: 60_000 }))
  t.same(await locks.lock(asking('mona')), { outcome: 'taken', lock })
  const renewed = await locks.lock(asking('octocat', { reason: 'Still.', kind: 'soft' }))
  t.match(renewed, {
    outcome: 'locked',
    lock: { id: lock.id, since: lock.since, reason: 'Still.', kind: 'soft' },
  })
  t.notOk('expiresAt' in renewed.lock)
})

t.test('of many who lock at once, one wins', async (t) => {
  const { locks } = await open(t)
  const owners = Array.from({ length: 20 }, (_, index) => `person-${index}`)
  const answers = await Promise.all(owners.map((owner) => locks.lock(asking(owner))))
  const winners = answers.filter(({ outcome }) => outcome === 'locked')
  t.equal(winners.length, 1)
  t.same(new Set(answers.map(({ lock }) => lock.owner)), new Set([winners[0]?.lock.owner]))
})

t.test('unlocking ends that very lock, and no other that was taken meanwhile', async (t) => {
  const { locks } = await open(t)
  t.equal(await locks.unlock(production), undefined)
  const { lock } = await locks.lock(asking('octocat'))
  t.same(await locks.unlock(production), lock)
  const { lock: next } = await locks.lock(asking('mona'))
  t.equal(await locks.unlock(production, lock.id), undefined)
  t.same(await locks.on(production), next)
  t.same(await locks.unlock(production, next.id), next)
  t.equal(await locks.on(production), undefined)
})

t.test('of unlock and lock at once, nobody ends what another took', async (t) => {
  const { locks } = await open(t)
  for (let round = 0; round < 20; round++) {
    const { lock } = await locks.lock(asking('octocat'))
    const [ended, taken] = await Promise.all([
      locks.unlock(production, lock.id),
      locks.lock(asking('mona')),
      locks.unlock(production, lock.id),
    ])
    const now = await locks.on(production)
    if (taken.outcome === 'locked') t.same(now, taken.lock)
    else t.equal(now, undefined)
    t.ok(ended || taken.outcome === 'locked' || now === undefined)
    await locks.unlock(production)
  }
})

t.test('a lock that has expired is given to nobody, is gone, and keeps nobody out', async (t) => {
  const { locks, redis, prefix } = await open(t)
  const { lock } = await locks.lock(asking('octocat', { expiresInMs: 30 }))
  await eventually(async () => (await locks.on(production)) === undefined, 'its end')
  t.equal(await redis.hlen(`${prefix}:locks`), 0)
  await locks.lock(asking('octocat', { expiresInMs: 1, scope: shop }))
  await eventually(async () => (await locks.all()).length === 0, 'its end')
  await locks.lock(asking('octocat', { expiresInMs: 1 }))
  const taken = await eventually(async () => {
    const answer = await locks.lock(asking('mona'))
    return answer.outcome === 'locked' ? answer : undefined
  }, 'that another may take it')
  t.not(taken.lock.id, lock.id)
  t.equal(await locks.unlock(production, lock.id), undefined)
})

t.test('what is new to hold a lane back is told there, and what ends wakes it', async (t) => {
  const { locks, freezes, held, records, redis, keys } = await open(t)
  const environments = ['production', 'Über:Staging', 'staging']
  for (const [index, environment] of environments.entries()) {
    await records.accept(jobOf(index + 1, { environment }))
  }
  t.same((await redis.smembers(keys.lanes)).sort(), environments.map((name) => `42:${name}`).sort())
  const barriers = () => Promise.all(environments.map((name) => held.barriers(42, name)))
  const news = () => Promise.all(environments.map((name) => held.news(42, name)))
  const staging: Scope = { ...production, environment: 'über:staging'.replace('ü', 'Ü') }
  await locks.lock(asking('octocat'))
  t.same(await barriers(), ['1', '0', '0'])
  await locks.lock(asking('octocat', { scope: staging }))
  t.same(await barriers(), ['1', '1', '0'])
  await locks.lock(asking('octocat', { scope: shop }))
  await locks.lock(asking('octocat', { scope: everything }))
  await locks.lock(asking('octocat', { scope: { ...shop, repositoryId: 4 } }))
  t.same(await barriers(), ['3', '3', '2'])
  t.same(await locks.lock(asking('mona')), { outcome: 'taken', lock: await locks.on(production) })
  t.same(await barriers(), ['3', '3', '2'], 'one that is not taken bars nobody')
  const freeze = await freezes.freeze({ scope: production, from: 0, until: 9e12, reason: 'x', by: 'octocat' })
  t.same(await barriers(), ['4', '3', '2'])

  t.same(await news(), ['0', '0', '0'])
  await locks.unlock(staging)
  t.same(await news(), ['0', '1', '0'])
  await locks.unlock(everything)
  t.same(await news(), ['1', '2', '1'])
  await freezes.thaw(freeze.id)
  t.same(await news(), ['2', '2', '1'])
})

t.test('freezes hold their scope from when they were declared until they are over', async (t) => {
  const { freezes, records, redis, prefix } = await open(t)
  const nowMs = await records.nowMs()
  const declare = (scope: Scope, from: number, until: number) =>
    freezes.freeze({ scope, from: nowMs + from, until: nowMs + until, reason: 'The fair.', by: 'octocat' })
  const second = await declare(production, 1000, 3_600_000)
  const first = await declare(shop, 0, 3_600_000)
  t.match(first, { id: String, at: Number, by: 'octocat', scope: shop })
  await declare({ ...production, environment: 'staging' }, 0, 3_600_000)
  t.same(await freezes.of(42, 'Production'), [first, second])
  t.same(await freezes.of(7, 'production'), [])
  t.equal((await freezes.all()).length, 3)
  t.same(await freezes.thaw(first.id), first)
  t.equal(await freezes.thaw(first.id), undefined)
  t.equal(await freezes.thaw('no such id'), undefined)

  const short = await declare(everything, 0, 30)
  await eventually(async () => (await freezes.of(7, 'production')).length === 0, 'its end')
  t.equal(await redis.hexists(`${prefix}:freezes`, short.id), 0)
  t.equal(await freezes.thaw(short.id), undefined)
})
