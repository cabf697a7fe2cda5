import t, { type Test } from 'tap'
import type { Hold } from '../../worker/holds/hold.ts'
import { holds } from '../../worker/holds/index.ts'
import { lock as lockHold } from '../../worker/holds/lock.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { startHolding } from '../fixtures/holding.ts'

const sentence = 'Locked by octocat: database migration. octocat or an approver can unlock it.'

t.test(
  'a merge is held while its environment is locked, with the reason on GitHub, and goes on within a second',
  async (t) => {
    const { fleet, locks, asked, scopeOf, said, isHeld } = await startHolding(t)
    const { sandbox, merge, states, finalStates } = fleet
    await locks.lock(asked())
    await merge()
    const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
    await isHeld(id, /^Locked/)
    t.equal(said(id)[1], sentence)
    const { body: why } = await fleet.receiver.api(`/why/${shop}/production`)
    t.match(why, {
      locks: [{ text: sentence, owner: 'octocat', kind: 'hard' }],
      held: [
        {
          text: /^#\d+ of [0-9a-f]{7} has been held back for \d+ s: Locked by octocat: .* In 30 days it is given up\.$/,
        },
      ],
      merge: { deployed: 'later', text: `It would be held back: ${sentence}` },
    })

    const unlockedAt = Date.now()
    await locks.unlock(scopeOf())
    await sandbox.whenever(() => states(id).includes('in_progress'))
    // Milliseconds on an idle machine; unless it were woken, it would look by itself after a minute.
    const tookMs = Date.now() - unlockedAt
    t.comment(`it went on after ${tookMs} ms`)
    t.ok(tookMs < 5000)
    t.same(await finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
  },
)

t.test('a lock on everything holds every environment, and ends by itself', async (t) => {
  const { locks, asked, deploy, isHeld, fleet } = await startHolding(t)
  const { lock } = await locks.lock(asked({ scope: { kind: 'everything' }, expiresInMs: 4000 }))
  const ids = await Promise.all([deploy(), deploy({ environment: 'staging' })])
  for (const id of ids) await isHeld(id, /^Everything is locked by octocat: database migration\. Until /)
  for (const id of ids) t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
  t.ok(Date.now() >= (lock.expiresAt ?? 0))
  t.same(await locks.all(), [])
})

t.test('a lock on a repository goes, and so does what all its environments waited for', async (t) => {
  const { locks, asked, deploy, isHeld, fleet } = await startHolding(t)
  const scope = {
    kind: 'repository',
    repositoryId: fleet.sandbox.repository(shop).id,
    repository: shop,
  } as const
  await locks.lock(asked({ scope }))
  const ids = await Promise.all([deploy(), deploy({ environment: 'staging' })])
  for (const id of ids) await isHeld(id, /^acme\/shop is locked by octocat/)
  await locks.unlock(scope)
  for (const id of ids) t.equal((await fleet.finalStates(id)).at(-1), 'success')
})

t.test('a soft lock holds until somebody overrides it, a hard one all the same', async (t) => {
  const { locks, asked, deploy, isHeld, scopeOf, held, fleet, keys } = await startHolding(t)
  const { id: repositoryId } = fleet.sandbox.repository(shop)
  await locks.lock(asked({ kind: 'soft' }))
  await locks.lock(asked({ scope: scopeOf('staging') }))
  const [soft, hard] = await Promise.all([deploy(), deploy({ environment: 'staging' })])
  await isHeld(soft, /^Locked by octocat: .* Force passes it\./)
  await isHeld(hard, /^Locked/)
  for (const id of [soft, hard]) await fleet.store.hset(keys.record(id), 'overriddenBy', 'mona')
  for (const environment of ['production', 'staging']) await held.wake(repositoryId, environment)
  t.same(await fleet.finalStates(soft), ['pending', 'queued', 'in_progress', 'success'])
  t.same(fleet.states(hard), ['pending', 'queued'])
})

t.test('its owner deploys under a lock that lets them, and nobody in their name', async (t) => {
  const { locks, asked, deploy, isHeld, fleet } = await startHolding(t)
  await locks.lock(asked({ ownerMayDeploy: true }))
  const liar = await deploy({ user: 'mallory', payload: { deploy_user: 'octocat' } })
  await isHeld(liar, /^Locked/)
  const own = await deploy()
  t.same(await fleet.finalStates(own), ['pending', 'in_progress', 'success'])
})

t.test('the owner’s own merge goes through, too: what we make of it is believed', async (t) => {
  const { locks, asked, fleet, isHeld } = await startHolding(t)
  const { sandbox, merge, finalStates } = fleet
  await locks.lock(asked({ owner: 'mona', ownerMayDeploy: true }))
  const { number } = await sandbox.openPullRequest(shop, { title: 'Mine', user: 'mona' })
  await sandbox.mergePullRequest(shop, number)
  const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  // Whether the first one's event comes before we know our own account is left to chance: it looks again, then.
  await eventually(() => fleet.store.exists(`${fleet.redis.prefix}:our-accounts`), 'our account')
  t.ok(id)
  const { number: second } = await sandbox.openPullRequest(shop, { title: 'Mine, too', user: 'mona' })
  await sandbox.mergePullRequest(shop, second)
  const mine = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.equal((await finalStates(mine.id)).at(-1), 'success')
  await merge('Another’s')
  const other = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  await isHeld(other.id, /^Locked by mona/)
})

t.test('what is held occupies neither its lane nor a worker’s slot', async (t) => {
  const { executor, begun, end } = heldExecutor()
  const { locks, asked, deploy, isHeld, fleet, scopeOf, keys } = await startHolding(t, {
    rules: { executor },
    settings: { WORKER_CONCURRENCY: '1' },
  })
  await locks.lock(asked())
  const ids: number[] = []
  for (let count = 0; count < 3; count++) ids.push(await deploy())
  for (const id of ids) await isHeld(id, /^Locked/)
  const { id: repositoryId } = fleet.sandbox.repository(shop)
  t.equal(await fleet.store.exists(keys.waiting(repositoryId, 'production')), 0)
  t.equal(await fleet.store.hexists(keys.lane(repositoryId, 'production'), 'holder'), 0)
  const other = await deploy({ environment: 'staging' })
  await fleet.sandbox.whenever(() => fleet.states(other).includes('in_progress'))
  t.same(begun, [other], 'the only slot is free')
  end(other)
  await fleet.finalStates(other)

  await locks.unlock(scopeOf())
  const last = ids.at(-1) ?? 0
  await fleet.sandbox.whenever(() => fleet.states(last).includes('in_progress'))
  end(last)
  for (const id of ids.slice(0, -1)) t.equal((await fleet.finalStates(id)).at(-1), 'inactive')
})

/** Runs `act` once, after the first look at the locks, before its answer is used. */
function afterLook(t: Test, act: () => Promise<unknown>) {
  let looks = 0
  const original = lockHold.look
  const all = holds as Hold[]
  const place = all.indexOf(lockHold)
  const watched: Hold = {
    async look(...args) {
      const answer = await original(...args)
      looks += 1
      if (looks === 1) await act()
      return answer
    },
  }
  all[place] = watched
  t.teardown(() => {
    all[place] = lockHold
  })
}

t.test('a lock that is taken right before the work begins holds it', async (t) => {
  const { locks, asked, deploy, isHeld, fleet, scopeOf } = await startHolding(t, { workers: 0 })
  // It is looked at before it asks for its lane.
  afterLook(t, () => locks.lock(asked()))
  const id = await deploy()
  fleet.addWorker()
  await isHeld(id, /^Locked/)
  t.notOk(fleet.states(id).includes('in_progress'))
  await locks.unlock(scopeOf())
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
})

t.test('a freeze that is declared right before the work begins holds it', async (t) => {
  const { freezes, deploy, isHeld, fleet, scopeOf } = await startHolding(t, { workers: 0 })
  let freeze = ''
  afterLook(t, async () => {
    const until = Date.now() + 3_600_000
    freeze = (await freezes.freeze({ scope: scopeOf(), from: 0, until, reason: 'The fair.', by: 'octocat' }))
      .id
  })
  const id = await deploy()
  fleet.addWorker()
  await isHeld(id, /^Frozen until .*: The fair\. Declared by octocat\. An approver can override it\.$/)
  await freezes.thaw(freeze)
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
})
