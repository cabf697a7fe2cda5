import t from 'tap'
import type { Executor } from '../../../worker/executors/executor.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'
import { startHolding } from '../../fixtures/holding.ts'

t.setTimeout(120_000)

const config = (production: string) => `
repositories:
  acme/shop:
    environments:
      staging: { simulate: 0s, on: manual }
      production: { simulate: 0s, on: manual${production === '' ? '' : `, runs_on: ${production}`} }
`

/** An executor that notes what it was given. */
function noting() {
  const done: number[] = []
  const executor: Executor = async ({ deployment }) => {
    done.push(deployment.id)
    return { state: 'success', description: 'Deployed.' }
  }
  return { done, executor }
}

t.test('each environment is deployed to by the workers that it asks for, and by no others', async (t) => {
  const { fleet, deploy } = await startHolding(t, { config: config('[eu, Production]'), workers: 0 })
  const usual = noting()
  const production = noting()
  const eu = noting()
  fleet.addWorker({ rules: { executor: usual.executor } })
  fleet.addWorker({ rules: { executor: eu.executor }, settings: { WORKER_LABELS: 'eu' } })
  const settings = { WORKER_LABELS: ' production ,EU,spare' }
  fleet.addWorker({ rules: { executor: production.executor }, settings })
  const first = await Promise.all([deploy(), deploy({ environment: 'staging' })])
  for (const id of first) t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  const second = await Promise.all([deploy(), deploy({ environment: 'staging' })])
  for (const id of second) t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  t.same(production.done, [first[0], second[0]])
  t.same(usual.done, [first[1], second[1]])
  t.same(eu.done, [], 'one of the labels is not enough')
})

t.test('one that no running worker may do says so at once, and begins when there is one', async (t) => {
  const { fleet, deploy, isHeld } = await startHolding(t, { config: config('production') })
  const id = await deploy()
  await isHeld(id, /^No worker that has the label production is running\.$/)
  const { body } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(JSON.stringify(body), /No worker that has the label production is running\./)
  const other = await deploy({ environment: 'staging' })
  t.same(await fleet.finalStates(other), ['pending', 'in_progress', 'success'], 'others go on')

  fleet.addWorker({ settings: { WORKER_LABELS: 'production' } })
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'in_progress', 'success'])
})

t.test('one that waits for its workers can be cancelled, and is superseded by the next', async (t) => {
  const { fleet, deploy, isHeld } = await startHolding(t, { config: config('production') })
  const first = await deploy()
  await isHeld(first, /^No worker/)
  const second = await deploy()
  await isHeld(second, /^No worker/)
  const answer = await fleet.receiver.act('POST', `/deployments/${shop}/${second}/cancel`)
  t.equal(answer.status, 200)
  t.same(await fleet.finalStates(second), ['pending', 'queued', 'inactive'])
  const third = await deploy()
  fleet.addWorker({ settings: { WORKER_LABELS: 'production' } })
  t.same((await fleet.finalStates(third)).at(-1), 'success')
  t.match((await fleet.finalStates(first)).at(-1), /success|inactive/)
})

t.test('a change of the file sends what waits to the workers that it is for now', async (t) => {
  const { fleet, deploy, isHeld, held } = await startHolding(t, { config: config('production'), workers: 0 })
  const usual = noting()
  const eu = noting()
  fleet.addWorker({ rules: { executor: usual.executor } })
  fleet.addWorker({ rules: { executor: eu.executor }, settings: { WORKER_LABELS: 'eu' } })
  const wake = () => held.wake(fleet.sandbox.repository(shop).id, 'production')
  const first = await deploy()
  await isHeld(first, /^No worker that has the label production/)
  fleet.rules.put(config('eu'))
  await wake()
  t.equal((await fleet.finalStates(first)).at(-1), 'success')
  t.same(eu.done, [first])

  fleet.rules.put(config('production'))
  const second = await deploy()
  await isHeld(second, /^No worker that has the label production/)
  fleet.rules.put(config(''))
  await wake()
  t.equal((await fleet.finalStates(second)).at(-1), 'success')
  t.same(usual.done, [second])
})

t.test('what a receiver that knows no labels has queued comes to the workers that it is for', async (t) => {
  const { fleet, deploy } = await startHolding(t, { config: config(''), workers: 0 })
  const ids = [await deploy(), await deploy({ environment: 'staging' })]
  const { queues } = fleet.receiver
  await eventually(async () => (await queues.deployments.count()) === 2, 'both are queued')
  fleet.rules.put(config('production'))
  const production = noting()
  const eu = noting()
  fleet.addWorker({ rules: { executor: eu.executor }, settings: { WORKER_LABELS: 'eu' } })
  fleet.addWorker({ rules: { executor: production.executor }, settings: { WORKER_LABELS: 'production' } })
  t.equal((await fleet.finalStates(ids[0] ?? 0)).at(-1), 'success')
  t.same(production.done, [ids[0]])
  t.same(eu.done, [])
  await fleet.sandbox.whenever(() => fleet.states(ids[1] ?? 0).includes('queued'), { timeoutMs: 15_000 })

  fleet.addWorker()
  t.equal((await fleet.finalStates(ids[1] ?? 0)).at(-1), 'success')
})

t.test('a worker of many labels runs no more side by side than it is to', async (t) => {
  const text = `
repositories:
  acme/shop:
    environments:
${['a', 'b', 'c', 'd'].map((name) => `      ${name}: { simulate: 0s, on: manual, runs_on: [${name}] }`).join('\n')}
`
  const { fleet, deploy } = await startHolding(t, { config: text, workers: 0 })
  let running = 0
  let most = 0
  const ends: (() => void)[] = []
  const executor: Executor = async () => {
    most = Math.max(most, ++running)
    await new Promise<void>((resolve) => ends.push(resolve))
    running--
    return { state: 'success', description: 'Deployed.' }
  }
  fleet.addWorker({ rules: { executor }, settings: { WORKER_LABELS: 'a,b,c,d', WORKER_CONCURRENCY: '2' } })
  const ids = await Promise.all(['a', 'b', 'c', 'd'].map((environment) => deploy({ environment })))
  for (let ended = 0; ended < 4; ended++) {
    await eventually(() => ends.length > 0, 'one runs', 20_000)
    if (ended === 0) await eventually(() => running === 2, 'two run', 20_000)
    ends.shift()?.()
  }
  for (const id of ids) t.equal((await fleet.finalStates(id, 20_000)).at(-1), 'success')
  t.equal(most, 2)
})
