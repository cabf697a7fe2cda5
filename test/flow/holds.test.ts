import t, { type Test } from 'tap'
import { type HeldBack, openHeld } from '../../src/deployments/held.ts'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import type { Hold } from '../../worker/holds/hold.ts'
import { holds } from '../../worker/holds/index.ts'
import { type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'

/** What the hold of a test says of a deployment, at its first look, its second and so on. */
type Say = (id: number, look: number, nowMs: number) => HeldBack | undefined | Promise<HeldBack | undefined>

/** A fleet whose deployments may be held back by the test, beside what else may hold them. */
async function startWithHold(t: Test, say: Say, options: FleetOptions = {}) {
  const looks = new Map<number, number>()
  const hold: Hold = {
    async look({ record, nowMs }) {
      const { id } = record
      looks.set(id, (looks.get(id) ?? 0) + 1)
      return say(id, looks.get(id) ?? 0, nowMs)
    },
  }
  const all = holds as Hold[]
  all.unshift(hold)
  t.teardown(() => all.splice(all.indexOf(hold), 1))
  const fleet = await startFleet(t, options)
  const held = openHeld(fleet.store, deploymentKeys(fleet.redis.prefix), fleet.receiver.queues)
  const wake = () => held.wake(fleet.sandbox.repository(shop).id, 'production')
  return { fleet, wake, looks }
}

async function deploy({ sandbox }: Fleet) {
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment: 'production',
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in made)) throw new Error(made.message)
  return made.id
}

const locked: HeldBack = { hold: 'test', reason: 'Locked by the test.' }
const said = ({ sandbox }: Fleet, id: number) =>
  sandbox
    .deployments(shop)
    .find((each) => each.id === id)
    ?.statuses.map(({ description }) => description)

t.test('what is held back once it has its lane hands it back, and others go on', async (t) => {
  const { executor, begun, end, running } = heldExecutor()
  let first = 0
  let isLocked = true
  let putUpBarrier = async () => {}
  const say: Say = async (id, look) => {
    if (!isLocked || id !== first) return undefined
    if (look > 1) return locked
    // It is locked after the look, and before the work begins.
    await putUpBarrier()
    return undefined
  }
  const { fleet, wake } = await startWithHold(t, say, { workers: 0, rules: { executor, lane: 'queue' } })
  const { sandbox, store, redis } = fleet
  const lane = deploymentKeys(redis.prefix).lane(sandbox.repository(shop).id, 'production')
  putUpBarrier = async () => void (await store.hincrby(lane, 'barriers', 1))
  first = await deploy(fleet)
  fleet.addWorker()
  await sandbox.whenever(() => fleet.states(first).includes('queued'))
  t.equal(said(fleet, first)?.[1], locked.reason)

  const second = await deploy(fleet)
  await sandbox.whenever(() => fleet.states(second).includes('in_progress'))
  t.same(running(), [second], 'it does not keep the lane')
  end(second)
  await fleet.finalStates(second)
  isLocked = false
  await wake()
  await sandbox.whenever(() => fleet.states(first).includes('in_progress'))
  end(first)
  t.same(await fleet.finalStates(first), ['pending', 'queued', 'in_progress', 'success'])
  t.same(begun, [second, first])
})

t.test('a hold that ends while its deployment is about to sleep keeps nobody waiting', async (t) => {
  let wakeAll = async () => {}
  const say: Say = async (_id, look) => {
    if (look > 1) return undefined
    // It ends after the look, and before there is anybody who sleeps.
    await wakeAll()
    return locked
  }
  const { fleet, wake } = await startWithHold(t, say, { workers: 0 })
  wakeAll = async () => void (await wake())
  const id = await deploy(fleet)
  fleet.addWorker()
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
})

t.test('what is held for longer than the hold’s limit ends with its words', async (t) => {
  let until = 0
  const say: Say = (_id, _look, nowMs) => {
    until ||= nowMs + 200
    return { ...locked, limit: { at: until, reason: 'It was locked for too long.' } }
  }
  const { fleet, looks } = await startWithHold(t, say)
  const id = await deploy(fleet)
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'error'])
  t.equal(said(fleet, id)?.at(-1), 'It was locked for too long.')
  t.ok((looks.get(id) ?? 0) < 10)
})

t.test('each reason is said once, and the first of several holds is heard', async (t) => {
  const say: Say = (_id, look) => (look < 3 ? locked : look < 5 ? { ...locked, reason: 'Still.' } : undefined)
  const { fleet, wake } = await startWithHold(t, say, { rules: { waitMs: 500 } })
  const id = await deploy(fleet)
  const isOver = () => fleet.states(id).includes('success')
  await fleet.sandbox.whenever(() => fleet.states(id).includes('queued'))
  while (!isOver()) await wake()
  const words = (said(fleet, id) ?? []).slice(1, -2)
  t.same(words.slice(0, 2), [locked.reason, 'Still.'])
  t.same(new Set(words).size, words.length)
})
