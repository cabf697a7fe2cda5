import t from 'tap'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'

async function startHeld(t: Parameters<typeof startFleet>[0], options: FleetOptions = {}) {
  const held = heldExecutor()
  const fleet = await startFleet(t, { ...options, rules: { ...options.rules, executor: held.executor } })
  return { held, fleet }
}

async function deploy({ sandbox }: Fleet, environment = 'production') {
  const deployment = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment,
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in deployment)) throw new Error(deployment.message)
  return deployment.id
}

/** Waits until a deployment has a status of this state, and gives its description. */
async function saying({ sandbox }: Fleet, id: number, state: string) {
  const find = () =>
    sandbox
      .deployments(shop)
      .find((deployment) => deployment.id === id)
      ?.statuses.find((status) => status.state === state)
  return (await sandbox.whenever(find, { what: `#${id} is ${state}` })).description
}

t.test('a lane runs one deployment at a time, and the newest of those that wait', async (t) => {
  const { held, fleet } = await startHeld(t, { workers: 2 })
  const first = await deploy(fleet)
  await saying(fleet, first, 'in_progress')
  const second = await deploy(fleet)
  t.equal(await saying(fleet, second, 'queued'), `production is busy with #${first}.`)
  const third = await deploy(fleet)
  t.equal(await saying(fleet, second, 'inactive'), `Superseded by #${third}.`)
  await saying(fleet, third, 'queued')
  t.same(held.running(), [first])

  held.end(first)
  const freed = Date.now()
  await eventually(() => held.running().includes(third), 'the newest begins')
  t.ok(Date.now() - freed < 1000, 'within a second of the lane being free')
  held.end(third)
  t.same(await fleet.finalStates(third), ['pending', 'queued', 'in_progress', 'success'])
  t.same(fleet.states(second), ['pending', 'queued', 'inactive'])
  t.equal(held.most(), 1)
  await fleet.sandbox.whenever(() => fleet.states(first).includes('inactive'))
  t.same(fleet.states(first), ['pending', 'in_progress', 'success', 'inactive'])
  t.equal(await saying(fleet, first, 'inactive'), `Replaced by #${third}.`)
})

t.test('a lane that queues runs all of them in order', async (t) => {
  const { held, fleet } = await startHeld(t, { workers: 2, rules: { lane: 'queue' } })
  const ids: number[] = []
  for (let count = 0; count < 4; count++) {
    const id = await deploy(fleet)
    await saying(fleet, id, count === 0 ? 'in_progress' : 'queued')
    ids.push(id)
  }
  const [first = 0, , third = 0] = ids
  t.equal(await saying(fleet, third, 'queued'), `production is busy with #${first}. It is number 2 in line.`)
  for (const id of ids) {
    await eventually(() => held.running().includes(id), `#${id} runs`)
    held.end(id)
    await fleet.finalStates(id)
  }
  t.same(held.begun, ids)
  t.equal(held.most(), 1)
})

t.test('other environments have lanes of their own, and what waits holds no slot', async (t) => {
  const { held, fleet } = await startHeld(t, { settings: { WORKER_CONCURRENCY: '2' } })
  const first = await deploy(fleet, 'staging')
  await saying(fleet, first, 'in_progress')
  const waiting = [await deploy(fleet, 'staging')]
  await saying(fleet, waiting[0] ?? 0, 'queued')
  const other = await deploy(fleet, 'production')
  await saying(fleet, other, 'in_progress')
  t.same(held.running(), [first, other])
  for (const id of [first, other]) held.end(id)
  await eventually(() => held.running().length === 1, 'the one that waited runs')
  held.end(waiting[0] ?? 0)
  await fleet.finalStates(waiting[0] ?? 0)
})

t.test('an older deployment that comes late does not displace a newer one', async (t) => {
  const { held, fleet } = await startHeld(t)
  fleet.sandbox.faults.loseDeliveries({ event: 'deployment', times: 1 })
  const late = await deploy(fleet)
  const newer = await deploy(fleet)
  await saying(fleet, newer, 'in_progress')
  const lost = await eventually(
    () => fleet.sandbox.deliveries().find(({ event }) => event === 'deployment'),
    'the lost delivery',
  )
  fleet.sandbox.redeliver(lost.guid)
  t.equal(await saying(fleet, late, 'inactive'), `Superseded by #${newer}.`)
  held.end(newer)
  t.same(await fleet.finalStates(newer), ['pending', 'in_progress', 'success'])
})
