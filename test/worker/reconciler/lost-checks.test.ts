// Checks that no delivery told of, or whose job Redis lost, are brought back; none is run twice.
import t from 'tap'
import { runCheckJobId } from '../../../src/jobs/check-job-ids.ts'
import { checks, finalStates, idOf, isClosed, oneCheck, states } from '../../fixtures/checks.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { nothing, openHealer } from './healer.ts'

t.test('a pull request that we were never told of is checked', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true') })
  const { sandbox } = fleet
  sandbox.faults.loseDeliveries({ event: 'pull_request', unrecorded: true })
  const { head } = await sandbox.openPullRequest(shop)
  const closed = await sandbox.openPullRequest(shop)
  await sandbox.closePullRequest(shop, closed.number)
  const healer = openHealer(t, fleet)
  t.same(await healer.heal(), { ...nothing, checks: [idOf(fleet, head.sha)] })
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
  t.same(await healer.heal(), nothing)
  t.same(states(fleet, closed.head.sha), [])
})

t.test('one whose outcome GitHub has, and Redis forgot, is not run again', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true') })
  const { sandbox, store, redis } = fleet
  const { head } = await sandbox.openPullRequest(shop)
  await finalStates(fleet, head.sha)
  await isClosed(fleet)
  const id = idOf(fleet, head.sha)
  await store.del(`${redis.prefix}:check:${id}`)
  const healer = openHealer(t, fleet)
  t.same(await healer.heal(), { ...nothing, checks: [id] })
  await eventually(
    async () => (await store.hget(`${redis.prefix}:check:${id}`, 'state')) === 'success',
    'it is known',
  )
  t.same(states(fleet, head.sha), ['pending', 'success'])
})

t.test('one whose run was lost from the queue is queued again', async (t) => {
  const fleet = await startFleet(t, { config: oneCheck('true'), settings: { CHECK_CONCURRENCY: '1' } })
  const { sandbox } = fleet
  await fleet.receiver.queues.checks.pause()
  const { head } = await sandbox.openPullRequest(shop)
  const healer = openHealer(t, fleet)
  const job = runCheckJobId(idOf(fleet, head.sha), 1)
  await eventually(() => healer.queues.checks.getJob(job), 'its run is queued')
  await eventually(async () => (await healer.queues.events.getActiveCount()) === 0, 'nobody is at it')
  t.same(await healer.heal(), nothing)
  await healer.queues.checks.remove(job)
  await fleet.receiver.queues.checks.resume()
  t.same(await healer.heal(), { ...nothing, checks: [idOf(fleet, head.sha)] })
  t.same(await finalStates(fleet, head.sha), ['pending', 'success'])
})

t.test('without checks, open pull requests are not asked for', async (t) => {
  const fleet = await startFleet(t, { config: checks(), workers: 0 })
  const { sandbox } = fleet
  await sandbox.openPullRequest(shop)
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  const healer = openHealer(t, fleet)
  t.same(await healer.heal(), nothing)
  t.notOk(
    sandbox.requests.some(({ operationId, query }) => operationId === 'pulls/list' && query.state === 'open'),
  )
})
