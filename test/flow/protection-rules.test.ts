import t from 'tap'
import { eventually, shop } from '../fixtures/fleet.ts'
import { actionsConfig, startReviewing } from '../fixtures/reviewing.ts'

t.test('what nothing holds back is approved at once, and followed to its end', async (t) => {
  const { fleet, startWorkflow, decision } = await startReviewing(t)
  const { sandbox, receiver } = fleet
  const { run, deployment } = await startWorkflow()
  t.match(await decision(run, 'approved'), /^Nothing holds it back\. \[More\]/)
  const shown = async () => (await receiver.api(`/deployments/${shop}/${deployment}`)).body
  await eventually(async () => (await shown()).state === 'in_progress', 'it runs')
  t.match(await shown(), {
    workflowRun: run,
    creator: 'octocat',
    urls: { github: new RegExp(`/acme/shop/actions/runs/${run}$`) },
  })
  sandbox.endWorkflow(shop, run)
  await eventually(async () => (await shown()).state === 'success', 'it is over')
  t.match(await shown(), { statuses: [{ state: 'pending' }, { state: 'in_progress' }, { state: 'success' }] })
  t.match(fleet.states(deployment), ['waiting', 'in_progress', 'success'], 'GitHub Actions wrote all of them')
  const { body: lanes } = await receiver.api('/overview')
  t.match(lanes.environments, [{ environment: 'production', current: { id: deployment } }])
})

t.test('locked, told so once, unlocked, approved', async (t) => {
  const { fleet, locks, asked, scopeOf, startWorkflow, isTold, decision, reports } = await startReviewing(t)
  await locks.lock(asked())
  const { run, deployment } = await startWorkflow()
  await isTold(run, /^Locked by octocat: database migration\. /)
  const { body: why } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(why, {
    held: [{ reasons: [/^Locked by octocat/], deployment: { id: deployment, workflowRun: run } }],
  })
  await locks.unlock(scopeOf())
  await decision(run, 'approved')
  t.equal(reports(run).length, 2, 'one reason, one decision')
})

t.test('an approval given through the API releases it, of none who began the run', async (t) => {
  const config = `${actionsConfig('approvals: { required: 1 }')}
access: { roles: { approver: [mona, octocat] } }`
  const { fleet, startWorkflow, isTold, decision, approve } = await startReviewing(t, { config })
  const { run, deployment } = await startWorkflow('octocat')
  await isTold(run, /^Waits for an approval from an approver\./)
  await approve(deployment, 'octocat')
  const { body: why } = await fleet.receiver.api(`/why/${shop}/production`)
  t.match(why.held, [{ approvals: [{ by: 'octocat', counts: false }] }])
  const { status, body } = await fleet.receiver.act('POST', `/deployments/${shop}/${deployment}/approve`)
  t.match({ status, body }, { status: 200, body: { text: /is approved: it waits for no approval any more/ } })
  await decision(run, 'approved')
})

t.test('a rejection, and a cancellation, reject the run in those words', async (t) => {
  const { fleet, startWorkflow, isTold, decision } = await startReviewing(t, {
    config: actionsConfig('approvals: { required: 1 }, lane: queue'),
  })
  const [first, second] = [await startWorkflow(), await startWorkflow()]
  await isTold(first.run, /^Waits for an approval/)
  await isTold(second.run, /^Waits for an approval/)
  const act = (id: number, what: string) =>
    fleet.receiver.act('POST', `/deployments/${shop}/${id}/${what}`, { reason: 'Not today.' })
  t.match(await act(first.deployment, 'reject'), { status: 200 })
  t.match(await decision(first.run, 'rejected'), /^Rejected by .*: Not today\./)
  t.match(await act(second.deployment, 'cancel'), { status: 200 })
  t.match(await decision(second.run, 'rejected'), /^Cancelled by .*: Not today\./)
  t.match(await act(second.deployment, 'retry'), {
    status: 409,
    body: { message: /is for GitHub Actions to deploy: run its job there again/ },
  })
})

t.test('outside the window it is told until when, and an override lets it through', async (t) => {
  const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7]
  const { fleet, startWorkflow, isTold, decision } = await startReviewing(t, {
    config: actionsConfig(`windows: [{ days: ${day}, from: "10:00", to: "11:00" }]`),
  })
  const { run, deployment } = await startWorkflow()
  await isTold(run, /^Outside its windows: opens /)
  const { status } = await fleet.receiver.act('POST', `/deployments/${shop}/${deployment}/override`, {
    reason: 'It is urgent.',
  })
  t.equal(status, 200)
  await decision(run, 'approved')
})

t.test('its own job is not waited for, the other checks are, and a red one rejects it', async (t) => {
  const { fleet, startWorkflow, isTold, decision } = await startReviewing(t)
  const { sandbox } = fleet
  const sha = sandbox.repository(shop).branches.get('main') ?? ''
  await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'build' })
  const first = await startWorkflow()
  await isTold(first.run, /^Waits for the checks of its commit: build \(pending\)\./)
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'build' })
  await decision(first.run, 'approved')
  sandbox.endWorkflow(shop, first.run)
  await sandbox.createCommitStatus(shop, sha, { state: 'failure', context: 'build' })
  const second = await startWorkflow()
  t.match(await decision(second.run, 'rejected'), /^Its checks have failed: build/)
})

t.test('an environment that is not given to GitHub Actions is rejected in words', async (t) => {
  const { fleet, startWorkflow, decision } = await startReviewing(t, {
    config: 'repositories: { acme/shop: { environments: { production: { simulate: 10ms } } } }',
  })
  const { run, deployment } = await startWorkflow()
  t.match(await decision(run, 'rejected'), /^Rejected: livraison\.yml does not give production of acme\/shop/)
  t.equal(
    (await fleet.receiver.api(`/deployments/${shop}/${deployment}`)).status,
    404,
    'nothing is kept of it',
  )
})
