import t from 'tap'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { openHealer } from './healer.ts'

t.test('workers look for what was missed on a schedule that the fleet shares', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox, receiver } = fleet
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  const settings = { RECONCILE_SECONDS: '0.5', PUBLIC_URL: receiver.url }
  for (let count = 0; count < 3; count++) fleet.addWorker({ settings })
  const passes = () => sandbox.requests.filter(({ operationId }) => operationId === 'repos/get').length
  await sandbox.whenever(passes, { what: 'a pass after the start' })
  const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', times: 1 })
  await sandbox.openPullRequest(shop)
  await sandbox.whenever(() => loss.hits)
  await sandbox.whenever(() =>
    sandbox.deliveries().some(({ redelivery, status }) => redelivery && status === 'OK'),
  )

  const from = passes()
  const began = performance.now()
  await sandbox.whenever(() => passes() >= from + 3)
  // Three workers with a turn each in 0.5 s would need 0.5 s; a pass in each 0.4 s at most needs twice that.
  t.ok(performance.now() - began > 700, 'the fleet shares its passes')
  t.equal(sandbox.deliveries().filter(({ redelivery }) => redelivery).length, 1)
})

t.test('a pass whose worker died is made by another once its lease is over', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const healer = openHealer(t, fleet)
  const lease = `${fleet.redis.prefix}:reconciler:lease`
  await healer.redis.set(lease, 'of a worker that died', 'PX', 300)
  t.same(await healer.pass(), { outcome: 'busy' })
  await eventually(async () => (await healer.pass()).outcome === 'done', 'the lease to be over')
  t.equal(await healer.redis.exists(lease), 0, 'and it is given back')
})

t.test('a worker that ends does not wait for a pass', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox } = fleet
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  const healer = openHealer(t, fleet)
  const hang = sandbox.faults.add({ operation: 'repos/list-webhooks', answer: 'hang' })
  const passed = healer.pass()
  await eventually(() => hang.hits, 'a call that hangs')
  await healer.close()
  t.match(await passed, { outcome: 'ended', reason: 'The worker ends.' })
  t.same(await healer.pass(), { outcome: 'closed' })
})
