import { once } from 'node:events'
import t from 'tap'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { openLogs } from '../../src/deployments/log.ts'
import type { Executor } from '../../worker/executors/executor.ts'
import { longCommand, stillRuns } from '../fixtures/checks.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { isError } from '../fixtures/receiver.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

const cancel = ({ receiver }: Fleet, id: number, body?: object) =>
  receiver.act('POST', `/deployments/${shop}/${id}/cancel`, body)

/** Makes a deployment as somebody at GitHub does, and gives its id. */
async function make({ sandbox }: Fleet, environment = 'production') {
  const made = await sandbox.createDeployment(shop, {
    ...{ ref: 'main', environment, auto_merge: false, required_contexts: [] },
  })
  if (!('id' in made)) throw new Error(made.message)
  return made.id
}

const last = ({ sandbox }: Fleet, id: number) =>
  sandbox
    .deployments(shop)
    .find((each) => each.id === id)
    ?.statuses.at(-1)?.description

const runs = ({ sandbox, states }: Fleet, id: number) =>
  sandbox.whenever(() => states(id).includes('in_progress'), { what: `#${id} runs`, timeoutMs: 20_000 })

const finals = ({ states }: Fleet, id: number) =>
  states(id).filter((state) => ['success', 'failure', 'error', 'inactive'].includes(state))

t.test('what waits for its lane never begins, and GitHub is told at once', async (t) => {
  const { executor, begun, end } = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor, lane: 'queue' } })
  const first = await make(fleet)
  await runs(fleet, first)
  const second = await make(fleet)
  await fleet.sandbox.whenever(() => fleet.states(second).includes('queued'))
  const { status, body } = await cancel(fleet, second, { reason: 'Not before the fair.' })
  t.equal(status, 200)
  t.match(body, {
    outcome: 'done',
    deployment: second,
    state: 'inactive',
    text: /is cancelled by ADMIN_TOKEN before it began/,
  })
  t.same(await fleet.finalStates(second), ['pending', 'queued', 'inactive'])
  t.equal(last(fleet, second), 'Cancelled by ADMIN_TOKEN: Not before the fair.')
  t.match((await fleet.receiver.api(`/deployments/${shop}/${second}`)).body, { cancelledBy: 'ADMIN_TOKEN' })
  end(first)
  await fleet.finalStates(first)
  isError(t, await cancel(fleet, second), 409, /is over already: inactive, cancelled by ADMIN_TOKEN/)
  isError(t, await cancel(fleet, first), 409, /is over already: success/)
  isError(t, await cancel(fleet, 999), 404, /knows no deployment #999/)
  isError(t, await fleet.receiver.act('POST', `/deployments/acme/till/${first}/cancel`), 404, /of acme\/till/)
  t.same(begun, [first])
})

t.test('what no worker has accepted yet is written down, and ended', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const id = await make(fleet)
  await eventually(async () => (await fleet.receiver.jobIds()).includes(`deployment-${id}`), 'it is queued')
  t.match((await cancel(fleet, id)).body, { outcome: 'done', state: 'inactive' })
  const { executor, begun } = heldExecutor()
  fleet.addWorker({ rules: { executor } })
  t.same(await fleet.finalStates(id), ['pending', 'inactive'])
  t.equal(last(fleet, id), 'Cancelled by ADMIN_TOKEN.')
  t.same(begun, [])
})

t.test('what was forgotten is not begun anew', async (t) => {
  const fleet = await startFleet(t)
  const id = await make(fleet)
  await fleet.finalStates(id)
  const job = await fleet.receiver.queues.deployments.getJob(`deployment-${id}`)
  await eventually(() => job?.isCompleted(), 'its job is over')
  await fleet.store.del(deploymentKeys(fleet.redis.prefix).record(id))
  isError(t, await cancel(fleet, id), 404, /knows no deployment/)
  t.equal(await fleet.store.exists(deploymentKeys(fleet.redis.prefix).record(id)), 0)
})

t.test('what is held back is ended', async (t) => {
  const fleet = await startFleet(t, { rules: { waitMs: 600_000 } })
  const id = await make(fleet)
  await fleet.sandbox.whenever(() => fleet.states(id).includes('queued'))
  t.equal((await cancel(fleet, id)).status, 200)
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'inactive'])
  const held = await fleet.store.hlen(
    deploymentKeys(fleet.redis.prefix).held(fleet.sandbox.repository(shop).id, 'production'),
  )
  t.equal(held, 0)
})

t.test('a command that runs is ended, with all its processes, and nothing is rolled back', async (t) => {
  const { run, pids } = longCommand(t)
  const config = JSON.stringify({
    repositories: { [shop]: { environments: { production: { run, rollback: 'automatic' } } } },
  })
  const fleet = await startFleet(t, { config, workers: 2 })
  const id = await make(fleet)
  const [pid = ''] = await eventually(
    async () => ((await pids()).length > 0 ? pids() : undefined),
    'it runs',
    20_000,
  )
  const began = performance.now()
  const { status, body } = await cancel(fleet, id, { reason: 'Wrong branch' })
  t.equal(status, 200)
  t.match(body, { state: 'error', text: /while it ran \(error\).* not rolled back by itself/ })
  t.ok(performance.now() - began < 8000)
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'error'])
  t.equal(last(fleet, id), 'Cancelled by ADMIN_TOKEN while it ran.')
  t.notOk(stillRuns(pid))
  const lines = await openLogs(fleet.store, deploymentKeys(fleet.redis.prefix)).read(id)
  t.match(
    lines.slice(-2).map(({ text }) => text),
    [/^Cancelled by ADMIN_TOKEN while it ran\.$/, /^Not rolled back/],
  )
  t.equal(fleet.sandbox.deployments(shop).length, 1)
  // The environment is free again at once.
  t.equal(
    await fleet.store.hexists(
      deploymentKeys(fleet.redis.prefix).lane(fleet.sandbox.repository(shop).id, 'production'),
      'holder',
    ),
    0,
  )
})

t.test('cancelled while it is about to end: one truth, and what the answer says', async (t) => {
  const { executor, end } = heldExecutor()
  const fleet = await startFleet(t, { workers: 2, rules: { executor } })
  const outcomes = { cancelled: 0, ended: 0 }
  for (let round = 0; round < 12; round++) {
    const id = await make(fleet, `env-${round}`)
    await runs(fleet, id)
    const answer = cancel(fleet, id)
    // From well before the worker looks, to well after it.
    await new Promise((resolve) => setTimeout(resolve, round * 50))
    end(id)
    const { status, body } = await answer
    await fleet.finalStates(id)
    const [state, ...more] = finals(fleet, id)
    t.same(more, [], 'one final status')
    const record = (await fleet.receiver.api(`/deployments/${shop}/${id}`)).body
    t.equal(record.state, state)
    if (status === 200) {
      t.match([state, body.state, record.cancelledBy], ['error', 'error', 'ADMIN_TOKEN'])
      outcomes.cancelled++
    } else {
      t.match([status, state, record.cancelledBy], [409, 'success', null])
      t.match(body.message, /came to its own end|is over already/)
      outcomes.ended++
    }
  }
  t.equal(outcomes.cancelled + outcomes.ended, 12)
  t.comment(outcomes)
})

t.test('cancelled while it is about to begin: it ends, begun or not, and never runs on', async (t) => {
  const running = new Set<number>()
  const executor: Executor = async ({ deployment: { id }, signal }) => {
    running.add(id)
    await once(signal, 'abort')
    running.delete(id)
    throw signal.reason
  }
  const fleet = await startFleet(t, { workers: 2, rules: { executor } })
  for (let round = 0; round < 12; round++) {
    const id = await make(fleet, `env-${round}`)
    await eventually(async () => (await cancel(fleet, id)).status === 200, `#${id} is cancelled`)
    const states = await fleet.finalStates(id)
    const expected = states.includes('in_progress') ? 'error' : 'inactive'
    t.same(finals(fleet, id), [expected])
  }
  t.equal(running.size, 0)
})

t.test('two who cancel at once: both are told the same', async (t) => {
  const { executor } = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor } })
  const id = await make(fleet)
  await runs(fleet, id)
  const answers = await Promise.all([cancel(fleet, id), cancel(fleet, id)])
  t.same(
    answers.map(({ status }) => status),
    [200, 200],
  )
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'error'])
})

t.test('cancelled while it is verified', async (t) => {
  const config = `repositories:
  acme/shop:
    environments:
      production: { simulate: 5ms, verify: { url: "http://127.0.0.1:1/", within: 10m } }
`
  const fleet = await startFleet(t, { config })
  const id = await make(fleet)
  const keys = deploymentKeys(fleet.redis.prefix)
  await eventually(() => fleet.store.hexists(keys.record(id), 'deployedAt'), 'it is deployed')
  t.match((await cancel(fleet, id)).body, { state: 'error' })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'error'])
})

t.test('whose worker was lost is ended by whoever takes it over, or at once', async (t) => {
  const fleet = await startAlone(t)
  const lost = startProcess(t, fleet)
  const id = await make(fleet)
  await runs(fleet, id)
  lost.kill('SIGKILL')
  await once(lost, 'exit')
  const { executor, begun } = heldExecutor()
  const answer = cancel(fleet, id)
  fleet.addWorker({ rules: { executor } })
  t.match((await answer).body, { state: 'error' })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'error'])
  t.equal(last(fleet, id), 'Cancelled by ADMIN_TOKEN while it ran.')
  t.same(begun, [])
})
