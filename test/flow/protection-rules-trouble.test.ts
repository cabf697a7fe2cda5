// What goes wrong around a deployment that GitHub Actions is to run, and what is not to be believed.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { signed } from '../fixtures/deliveries.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { actionsConfig, startReviewing } from '../fixtures/reviewing.ts'

t.setTimeout(120_000)

t.test('one of ours keeps it waiting, and the other way round', async (t) => {
  const { executor, begun, end } = heldExecutor()
  const { fleet, deploy, startWorkflow, isTold, decision, isHeld, said } = await startReviewing(t, {
    config: `repositories:
  acme/shop:
    environments:
      production: { on: manual, simulate: 1ms, lane: queue, actions: gate }
`,
    rules: { executor },
  })
  const { sandbox } = fleet
  const ours = await deploy()
  await eventually(() => begun.includes(ours), 'ours runs')
  const { run } = await startWorkflow()
  await isTold(run, new RegExp(`^production is busy with #.?${ours}\\.`))
  end(ours)
  await decision(run, 'approved')
  const next = await deploy()
  await isHeld(next, /^production is busy with #/)
  t.notOk(begun.includes(next))
  sandbox.endWorkflow(shop, run, 'failure')
  await eventually(() => begun.includes(next), 'its turn has come')
  end(next)
  t.equal((await fleet.finalStates(next)).at(-1), 'success')
  t.ok(said(next).length > 0)
})

t.test('the newest that is approved takes the place of an older that waits, which is rejected', async (t) => {
  const { startWorkflow, isTold, decision, approve } = await startReviewing(t, {
    config: actionsConfig('approvals: { required: 1, from: [mona] }'),
  })
  const [older, newer] = [await startWorkflow(), await startWorkflow()]
  await isTold(older.run, /^Waits for an approval/)
  await isTold(newer.run, /^Waits for an approval/)
  await approve(newer.deployment, 'mona')
  await decision(newer.run, 'approved')
  t.match(await decision(older.run, 'rejected'), new RegExp(`^Superseded by #.?${newer.deployment}`))
})

t.test('the same delivery again decides nothing anew; a run that is begun again is asked anew', async (t) => {
  const { fleet, startWorkflow, decision, reports } = await startReviewing(t)
  const { sandbox, receiver } = fleet
  const { run, deployment } = await startWorkflow()
  await decision(run, 'approved')
  const [delivery] = sandbox.deliveries().filter(({ event }) => event === 'deployment_protection_rule')
  const again = sandbox.redeliver(delivery?.guid ?? '')
  await sandbox.whenever(() => again.status !== null, { what: 'it is answered' })
  t.match(JSON.parse(again.responseBody), {
    outcome: 'duplicate',
    jobs: [{ id: `deployment-${deployment}` }],
  })
  sandbox.endWorkflow(shop, run, 'failure')
  const state = async () => (await receiver.api(`/deployments/${shop}/${deployment}`)).body.state
  await eventually(async () => (await state()) === 'failure', 'it has failed')
  await sandbox.rerunWorkflow(shop, run, { user: 'mona' })
  await decision(run, 'approved')
  t.equal(reports(run).length, 1)
  const second = sandbox.workflowRun(shop, run).deployment.id
  t.not(second, deployment)
  t.match((await receiver.api(`/deployments/${shop}/${second}`)).body, {
    creator: 'mona',
    deployUser: 'octocat',
  })
})

t.test('a run that somebody cancels at GitHub waits here no more', async (t) => {
  const { fleet, locks, asked, startWorkflow, isTold, reports } = await startReviewing(t)
  await locks.lock(asked())
  const { run, deployment } = await startWorkflow()
  await isTold(run, /^Locked by/)
  fleet.sandbox.cancelWorkflow(shop, run)
  const shown = async () => (await fleet.receiver.api(`/deployments/${shop}/${deployment}`)).body
  await eventually(async () => (await shown()).state === 'inactive', 'it is over')
  t.match((await fleet.receiver.api(`/why/${shop}/production`)).body, {
    held: [],
    finished: [{ deployment: { id: deployment } }],
  })
  t.equal(reports(run).length, 1, 'GitHub was told nothing more')
})

t.test('an approval whose answer is lost is not taken for refused', async (t) => {
  const { fleet, startWorkflow, decision } = await startReviewing(t)
  const { sandbox, receiver } = fleet
  sandbox.faults.add({ operation: 'actions/review-custom-gates-for-run', times: 1, answer: 'drop-after' })
  const { run, deployment } = await startWorkflow()
  await decision(run, 'approved')
  const shown = async () => (await receiver.api(`/deployments/${shop}/${deployment}`)).body
  sandbox.endWorkflow(shop, run)
  await eventually(async () => (await shown()).state === 'success', 'it is followed to its end', 30_000)
})

t.test('an approval that GitHub cannot take now is brought to it again until it does', async (t) => {
  const { fleet, startWorkflow, decision } = await startReviewing(t)
  const { sandbox } = fleet
  const operation = 'actions/review-custom-gates-for-run'
  const broken = sandbox.faults.add({ operation, times: 1, answer: { status: 502 } })
  const silent = sandbox.faults.add({ operation, times: 1, answer: 'reset-before' })
  const { run } = await startWorkflow()
  await decision(run, 'approved')
  t.same([broken.hits, silent.hits], [1, 1])
  t.same(sandbox.violations, [])
})

t.test('a token that may not answer: it ends in words, and nothing is approved', async (t) => {
  const { fleet, startWorkflow } = await startReviewing(t)
  const { sandbox, receiver } = fleet
  sandbox.faults.add({
    operation: 'actions/review-custom-gates-for-run',
    answer: { status: 403, body: { message: 'Resource not accessible by personal access token' } },
  })
  const { run, deployment } = await startWorkflow()
  const shown = async () => (await receiver.api(`/deployments/${shop}/${deployment}`)).body
  await eventually(async () => (await shown()).state === 'error', 'it is over')
  t.match(await shown(), { unreportable: /Resource not accessible by personal access token/ })
  t.equal(sandbox.workflowRun(shop, run).status, 'waiting')
})

t.test(
  'a callback address leads nowhere but to our own API, or to the run of another repository',
  async (t) => {
    const { fleet, locks, asked, scopeOf, startWorkflow, isTold, decision } = await startReviewing(t)
    const { sandbox, receiver } = fleet
    await locks.lock(asked())
    const { run } = await startWorkflow()
    await isTold(run, /^Locked by/)
    const [delivery] = sandbox.deliveries().filter(({ event }) => event === 'deployment_protection_rule')
    const payload = delivery?.payload as Record<string, unknown>
    const path = `/repos/${shop}/actions/runs/${run}/deployment_protection_rule`
    const refused = [
      `https://evil.example/steal?to=${path}`,
      `https://evil.example${path}?x=1`,
      `https://octocat:secret@api.github.com${path}`,
      `https://api.github.com/repos/acme/other/actions/runs/${run}/deployment_protection_rule`,
      `https://api.github.com/repos/${shop}/actions/runs/../../secrets/deployment_protection_rule`,
      `https://api.github.com/repos/${shop}/actions/runs/1e3/deployment_protection_rule`,
      `file://${path}`,
      'nonsense',
    ]
    for (const url of refused) {
      const answer = await receiver.deliver(
        signed('deployment_protection_rule', { ...payload, deployment_callback_url: url }),
      )
      t.match(answer, { status: 400, body: { message: /is not of a workflow run of acme\/shop/ } }, url)
    }
    await locks.unlock(scopeOf())
    await decision(run, 'approved')
    t.same(sandbox.violations, [])
  },
)

t.test('nothing is sent to the host that a payload names', async (t) => {
  const asked: string[] = []
  const other = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.end('{}')
  })
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { fleet, startWorkflow, decision } = await startReviewing(t)
  const { sandbox, receiver } = fleet
  sandbox.faults.loseDeliveries({ event: 'deployment_protection_rule', times: 1 })
  const { run } = await startWorkflow()
  const lost = () => sandbox.deliveries().find(({ event }) => event === 'deployment_protection_rule')
  await sandbox.whenever(() => lost() !== undefined, { what: 'the delivery' })
  const { port } = other.address() as AddressInfo
  const deployment_callback_url = `http://127.0.0.1:${port}/repos/${shop}/actions/runs/${run}/deployment_protection_rule`
  const payload = { ...(lost()?.payload as object), deployment_callback_url }
  t.match(await receiver.deliver(signed('deployment_protection_rule', payload)), { status: 202 })
  await decision(run, 'approved')
  t.same(asked, [])
})
