// A merge is deployed once the CI of its commit is green, and not before.
import t from 'tap'
import { usualGate } from '../../worker/gate-rules.ts'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'

/** Looks that no test waits for: what happens within one was woken. */
const seldom = { firstMs: 300_000, longestMs: 300_000 }
const often = { firstMs: 50, longestMs: 50 }

/** Merges a pull request, and lets the receiver hear of it only when its CI has reported. */
async function mergeWith(
  { sandbox }: Fleet,
  report: (sha: string) => Promise<unknown>,
  title = 'Mend the cart',
) {
  sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  const { number } = await sandbox.openPullRequest(shop, { title })
  const sha = await sandbox.mergePullRequest(shop, number)
  await report(sha)
  const closed = sandbox.deliveries().findLast(({ action }) => action === 'closed')
  sandbox.redeliver(closed?.guid ?? '')
  return { number, sha }
}

/** Waits until the job of the only merge sleeps. */
async function asleep({ receiver }: Fleet, howMany = 1) {
  await eventually(async () => (await receiver.queues.events.getDelayedCount()) === howMany, 'it sleeps')
}

/** Waits until the job of the only merge is done. */
async function over({ receiver }: Fleet) {
  const { events } = receiver.queues
  await eventually(async () => {
    const done = await events.getJobs(['completed'])
    return done.some(({ name }) => name === 'start-deployment')
  }, 'the job of the merge is done')
}

async function why({ receiver }: Fleet) {
  return (await receiver.api(`/why/${shop}/production`)).body
}

const start = (t: Parameters<typeof startFleet>[0], options: FleetOptions = {}) =>
  startFleet(t, { ci: { looks: seldom }, ...options })

t.test('a commit whose CI is green, or that has none, is deployed at once', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  await fleet.merge('No CI at all')
  const first = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(await fleet.finalStates(first.id), ['pending', 'in_progress', 'success'])

  const { sha } = await mergeWith(fleet, async (sha) => {
    await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
    await sandbox.createCheckRun(shop, sha, { name: 'build', conclusion: 'success' })
    await sandbox.createCheckRun(shop, sha, { name: 'docs', conclusion: 'skipped' })
  })
  const second = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.equal(second.sha, sha)
  await fleet.finalStates(second.id)
  t.same(sandbox.violations, [])
})

t.test('a merge waits for its CI and is woken by what it reports', async (t) => {
  const fleet = await start(t, { workers: 2 })
  const { sandbox } = fleet
  const { sha, number } = await mergeWith(fleet, async (sha) => {
    await sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' })
    await sandbox.createCheckRun(shop, sha, { name: 'build', status: 'in_progress' })
  })
  await asleep(fleet)
  t.match(await why(fleet), {
    jobs: [
      {
        text: new RegExp(
          `^The deployment of pull request #${number} .* is to be created at GitHub: it has waited for CI for .*: ci/test \\(pending\\) and build \\(in_progress\\)\\. `,
        ),
        waitsFor: ['ci/test (pending)', 'build (in_progress)'],
      },
    ],
    stoppedByCi: [],
  })

  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  await eventually(
    () => fleet.log.some(({ msg }) => msg.startsWith('CI reported on a commit')),
    'it was woken',
  )
  await eventually(async () => {
    const { jobs } = await why(fleet)
    return JSON.stringify((jobs as { waitsFor: string[] }[])[0]?.waitsFor) === '["build (in_progress)"]'
  }, 'it waits for the rest')
  t.equal(sandbox.deployments(shop).length, 0)

  await asleep(fleet)
  const run = sandbox.repository(shop).checkRuns[0]
  await sandbox.completeCheckRun(shop, run?.id ?? 0, 'success')
  const reported = Date.now()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.ok(Date.now() - reported < 1000, 'within a second')
  t.equal(deployment.sha, sha)
  t.same(await fleet.finalStates(deployment.id), ['pending', 'in_progress', 'success'])
  t.equal(sandbox.deployments(shop).length, 1)
  t.same(await fleet.store.keys(`${fleet.redis.prefix}:gate:*`), [])
  t.same(await fleet.store.keys(`${fleet.redis.prefix}:ci-waiting:*`), [])
  t.same(sandbox.violations, [])
})

t.test('a report that comes between the look and the sleep is not missed', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  // The statuses are answered at once, the check runs only when the status has changed.
  sandbox.faults.add({ operation: 'checks/list-for-ref', times: 1, answer: { delayMs: 700 } })
  const { sha } = await mergeWith(fleet, (sha) =>
    sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' }),
  )
  const readStatus = ({ operationId, status }: { operationId: string | null; status: number }) =>
    operationId === 'repos/get-combined-status-for-ref' && status === 200
  await eventually(() => sandbox.requests.some(readStatus), 'the status was read while it was pending')
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(
    fleet.log.find(({ msg }) => msg.startsWith('CI reported')),
    undefined,
    'the job did not sleep yet when it was to be woken',
  )
  t.ok(
    fleet.log.some(({ msg }) => msg.startsWith('a merge waits')),
    'the look came too early',
  )
  await fleet.finalStates(deployment.id)
})

t.test('a failure ends the wait, and the reason can be read', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const { sha, number } = await mergeWith(fleet, async (sha) => {
    await sandbox.createCheckRun(shop, sha, { name: 'build', status: 'in_progress' })
  })
  await asleep(fleet)
  const run = sandbox.repository(shop).checkRuns[0]
  await sandbox.completeCheckRun(shop, run?.id ?? 0, 'timed_out')
  await over(fleet)
  t.equal(sandbox.deployments(shop).length, 0)
  t.match(
    fleet.log.find(({ msg }) => msg === 'a merge is not deployed: its CI has failed'),
    { repository: shop, pullRequest: number, sha, checks: ['build (timed_out)'] },
  )
  const { jobs, stoppedByCi } = await why(fleet)
  t.match(
    { jobs, stoppedByCi },
    {
      jobs: [],
      stoppedByCi: [
        {
          verdict: 'red',
          sha,
          checks: ['build (timed_out)'],
          text: new RegExp(
            `pull request #${number} .* was not deployed: its CI has failed: build \\(timed_out\\)\\.`,
          ),
        },
      ],
    },
  )
})

t.test('a wait ends at its limit', async (t) => {
  const gate = { ...usualGate, required: ['deploy/approved'], limitMs: 400 }
  const fleet = await start(t, { ci: { looks: often, gateFor: () => gate } })
  await fleet.merge()
  await over(fleet)
  t.equal(fleet.sandbox.deployments(shop).length, 0)
  t.match(await why(fleet), {
    stoppedByCi: [
      { verdict: 'late', text: /its CI was not done after \d s: deploy\/approved \(not reported\)\./ },
    ],
  })
})

t.test('a report that is lost is found by a look of its own', async (t) => {
  const fleet = await start(t, { ci: { looks: often } })
  const { sandbox } = fleet
  const { sha } = await mergeWith(fleet, (sha) =>
    sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' }),
  )
  await eventually(() => fleet.log.some(({ msg }) => msg.startsWith('a merge waits')), 'it waits')
  sandbox.faults.loseDeliveries({ event: 'status', times: 1 })
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/test' })
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await fleet.finalStates(deployment.id)
  t.notOk(
    fleet.log.some(({ msg }) => msg.startsWith('CI reported')),
    'nothing woke it',
  )
})

t.test('a check that was run again counts as it ended last', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const { sha } = await mergeWith(fleet, async (sha) => {
    await sandbox.createCheckRun(shop, sha, { name: 'build', conclusion: 'failure' })
    await sandbox.createCheckRun(shop, sha, { name: 'build', conclusion: 'success' })
  })
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.equal(deployment.sha, sha)
  await fleet.finalStates(deployment.id)
})

t.test('CI that cannot be read is not green', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  sandbox.faults.add({ operation: 'checks/list-for-ref', times: 2, answer: { status: 502 } })
  await fleet.merge()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await fleet.finalStates(deployment.id)
  const refused = fleet.log.filter(({ msg }) => /502 to GET .*check-runs/.test(msg))
  t.equal(refused.length, 2, 'it was asked for until it could be read')
})

t.test('a merge whose CI was slow does not take the environment back in time', async (t) => {
  const fleet = await start(t)
  const { sandbox } = fleet
  const slow = await mergeWith(
    fleet,
    (sha) => sandbox.createCommitStatus(shop, sha, { state: 'pending', context: 'ci/test' }),
    'Slow',
  )
  await asleep(fleet)
  await fleet.merge('Newer')
  const newer = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await fleet.finalStates(newer.id)
  await sandbox.createCommitStatus(shop, slow.sha, { state: 'success', context: 'ci/test' })
  const late = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.equal(late.sha, slow.sha)
  t.same(await fleet.finalStates(late.id), ['pending', 'inactive'])
  t.equal(late.statuses.at(-1)?.description, `Superseded by #${newer.id}.`)
})
