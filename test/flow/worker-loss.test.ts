import { once } from 'node:events'
import { resolve } from 'node:path'
import t from 'tap'
import { eventually, type Fleet, shop } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

const poisoned = resolve('test/fixtures/poisoned-worker.mjs')
const inOrder = ['pending', 'in_progress', 'success']

/** Waits until the process runs a deployment of a merge, and gives its id. */
async function runsMerge({ sandbox, merge, states }: Fleet): Promise<number> {
  const before = sandbox.deployments(shop).length
  await merge()
  const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[before])
  await sandbox.whenever(() => states(id).includes('in_progress'), { what: `#${id} runs` })
  return id
}

t.test('a deployment whose worker is killed is run again by another', async (t) => {
  const fleet = await startAlone(t)
  const lost = startProcess(t, fleet)
  const id = await runsMerge(fleet)
  lost.kill('SIGKILL')
  fleet.addWorker()
  t.same(await fleet.finalStates(id), inOrder)
})

t.test('a deployment that is not safe to repeat ends as an error, and says why', async (t) => {
  const fleet = await startAlone(t)
  const lost = startProcess(t, fleet)
  const id = await runsMerge(fleet)
  lost.kill('SIGKILL')
  const { executor, begun } = heldExecutor()
  fleet.addWorker({ rules: { executor, onWorkerLoss: 'fail' } })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'error'])
  t.equal(fleet.sandbox.deployments(shop)[0]?.statuses.at(-1)?.description, 'The worker running it was lost.')
  t.same(begun, [])
})

t.test('a worker that was paused beyond its lease has no say any more', async (t) => {
  const fleet = await startAlone(t)
  const paused = startProcess(t, fleet, { SIMULATED_WORK_SECONDS: '0.5' })
  const id = await runsMerge(fleet)
  paused.kill('SIGSTOP')
  const held = heldExecutor()
  fleet.addWorker({ rules: { executor: held.executor } })
  await eventually(() => held.running().includes(id), 'another runs it')
  const seen = fleet.sandbox.requests.length
  paused.kill('SIGCONT')
  // It comes to its end, finds that the lane is another's, and asks for work again.
  const next = await fleet.merge('A second one')
  await fleet.sandbox.whenever(() => fleet.sandbox.requests.length > seen, {
    what: `merge ${next} is worked on`,
  })
  t.same(held.running(), [id])
  t.same(fleet.states(id), ['pending', 'in_progress'])
  held.end(id)
  t.same((await fleet.finalStates(id)).slice(0, 3), inOrder)
})

t.test('a lost run is not repeated after a newer deployment', async (t) => {
  const fleet = await startAlone(t)
  const lost = startProcess(t, fleet)
  const older = await runsMerge(fleet)
  lost.kill('SIGKILL')
  await fleet.store.del(`${fleet.redis.prefix}:lane:${fleet.sandbox.repository(shop).id}:production`)
  const held = heldExecutor()
  await fleet.merge('A newer one')
  fleet.addWorker({ rules: { executor: held.executor } })
  const { id: newer } = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[1])
  await eventually(() => held.running().includes(newer), 'the newer runs')
  t.same(await fleet.finalStates(older), ['pending', 'in_progress', 'error'])
  t.equal(
    fleet.sandbox.deployments(shop)[0]?.statuses.at(-1)?.description,
    `The worker running it was lost, and #${newer} has begun since.`,
  )
  held.end(newer)
  t.same(await fleet.finalStates(newer), inOrder)
})

t.test('a worker that ends hands back what it cannot finish in time', async (t) => {
  const fleet = await startAlone(t)
  const ending = startProcess(t, fleet, { DRAIN_SECONDS: '0.2' })
  const id = await runsMerge(fleet)
  ending.kill('SIGTERM')
  const [status] = await once(ending, 'exit')
  t.equal(status, 0)
  t.same(fleet.states(id), ['pending', 'in_progress'])
  const [said] =
    (await fleet.store.xrevrange(`${fleet.redis.prefix}:deployment:${id}:log`, '+', '-', 'COUNT', 1)) ?? []
  t.match(said?.[1], ['text', /asked to end .* another begins it anew/])
  const handedBack = Date.now()
  fleet.addWorker()
  t.same(await fleet.finalStates(id), inOrder)
  t.ok(Date.now() - handedBack < 5000)
})

t.test('a worker that ends finishes what takes no longer than its time', async (t) => {
  const fleet = await startAlone(t)
  const ending = startProcess(t, fleet, { SIMULATED_WORK_SECONDS: '0.5' })
  const id = await runsMerge(fleet)
  ending.kill('SIGTERM')
  const [status] = await once(ending, 'exit')
  t.equal(status, 0)
  t.same(fleet.states(id), inOrder)
})

t.test(
  'a deployment that takes its workers down is ended after a few tries, and harms no other',
  async (t) => {
    const fleet = await startAlone(t)
    const poison = await deployTo(fleet, 'poison')
    for (let died = 0; died < 3; died++) await once(startProcess(t, fleet, {}, poisoned), 'exit')
    startProcess(t, fleet, {}, poisoned)
    const other = await deployTo(fleet, 'staging')
    t.same(await fleet.finalStates(other), inOrder)
    t.same(await fleet.finalStates(poison), ['pending', 'in_progress', 'error'])
    t.match(
      fleet.sandbox.deployments(shop)[0]?.statuses.at(-1)?.description,
      'The worker running it was lost 3 times: it is not tried again.',
    )
  },
)

async function deployTo({ sandbox }: Fleet, environment: string): Promise<number> {
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment,
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in made)) throw new Error(made.message)
  return made.id
}
