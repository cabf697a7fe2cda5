import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { openLogs } from '../../src/deployments/log.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { startHealthServer } from '../fixtures/health-server.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

const last = ({ sandbox }: Fleet) => sandbox.deployments(shop).at(-1)?.statuses.at(-1)?.description
const inOrder = ['pending', 'in_progress', 'success']

async function mergeOne(fleet: Fleet) {
  await fleet.merge()
  return fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[0])
}

t.test('what was deployed and answers as it should has succeeded', async (t) => {
  const server = await startHealthServer(t, 503)
  const verify = server.rules({ withinMs: 20_000 })
  const fleet = await startFleet(t, { rules: { verify } })
  const { id } = await mergeOne(fleet)
  await eventually(() => server.asked() > 1, 'it is asked')
  t.same(fleet.states(id).slice(-1), ['in_progress'], 'it has not succeeded yet')
  const why = await eventually(async () => {
    const { body } = await fleet.receiver.api(`/why/${shop}/production`)
    return body.running as { text: string } | null
  }, 'it is told')
  t.match(why.text, /was deployed \d+ s ago, and .+ verifies that it works\.$/)
  server.answer(200)
  t.same(await fleet.finalStates(id), inOrder)
  t.match((await fleet.receiver.api(`/deployments/${shop}/${id}`)).body, {
    deployedAt: /Z$/,
    verifiedAt: /Z$/,
  })
  const lines = (await openLogs(fleet.store, deploymentKeys(fleet.redis.prefix)).read(id)).map(
    (line) => line.text,
  )
  t.match(lines.slice(-4), [/^Verifying/, /answered 503/, /answered 200/, /^It is healthy/])
})

t.test('what was deployed and never answers as it should has failed', async (t) => {
  const server = await startHealthServer(t, 503)
  const fleet = await startFleet(t, { rules: { verify: server.rules() } })
  const { id } = await mergeOne(fleet)
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'failure'])
  t.equal(last(fleet), `Deployed, but ${server.url} answered 503: it was not healthy within 500 ms.`)
})

t.test('the work of a worker that is killed while it verifies is not done again', async (t) => {
  const server = await startHealthServer(t)
  const directory = t.testdir({})
  const file = join(directory, 'livraison.yml')
  const config = `repositories:
  acme/shop:
    environments:
      production:
        simulate: 5ms
        on_worker_loss: fail
        verify: { url: "${server.url}", for: 1h, every: 1s }
`
  writeFileSync(file, config)
  const fleet = await startAlone(t, { config })
  const lost = startProcess(t, fleet, { CONFIG_FILE: file })
  const { id } = await mergeOne(fleet)
  await eventually(() => server.asked() > 0, 'it verifies', 60_000)
  lost.kill('SIGKILL')
  const { executor, begun } = heldExecutor()
  fleet.addWorker({ rules: { executor, verify: server.rules() } })
  t.same(await fleet.finalStates(id, 60_000), inOrder)
  t.same(begun, [])
  t.match(last(fleet), /^Deployed .* \(simulated\)\.$/, 'what the work said of itself')
})

t.test('a worker that ends while it verifies hands that on, whatever the policy', async (t) => {
  const server = await startHealthServer(t)
  const fleet = await startFleet(t, { workers: 0 })
  const verify = server.rules({ forMs: 3_600_000 })
  const ending = fleet.addWorker({ rules: { verify, onWorkerLoss: 'fail' } })
  const { id } = await mergeOne(fleet)
  await eventually(() => server.asked() > 0, 'it verifies')
  await ending.close()
  t.same(fleet.states(id), ['pending', 'in_progress'])
  const { executor, begun } = heldExecutor()
  fleet.addWorker({ rules: { executor, verify: server.rules(), onWorkerLoss: 'fail' } })
  t.same(await fleet.finalStates(id), inOrder)
  t.same(begun, [])
})
