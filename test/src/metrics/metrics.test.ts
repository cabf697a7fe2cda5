import t from 'tap'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { heldExecutor } from '../../fixtures/held-executor.ts'
import { type Receiver, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'

/** What Prometheus would read: the values by name and labels. */
async function scrape(receiver: Receiver): Promise<Map<string, number>> {
  const headers = { authorization: `Bearer ${testAdminToken}` }
  const response = await fetch(`${receiver.url}/metrics`, { headers })
  if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]))
}

t.test('Prometheus reads what came in and how everything stands', async (t) => {
  const { executor, end } = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor } })
  const { receiver, sandbox } = fleet
  await fleet.merge()
  await sandbox.whenever(() => sandbox.deployments(shop).length > 0, { what: 'a deployment' })
  const id = sandbox.deployments(shop)[0]?.id ?? 0
  await sandbox.whenever(() => fleet.states(id).includes('in_progress'), { what: 'a run' })
  const during = await scrape(receiver)
  t.equal(during.get('livraison_deliveries_total{event="pull_request",outcome="queued"}'), 1)
  t.equal(during.get('livraison_lanes{state="running"}'), 1)
  t.equal(during.get('livraison_lanes{state="held"}'), 0)
  t.equal(during.get('livraison_jobs{queue="deployments",state="active"}'), 1)
  t.equal(during.get('livraison_workers'), 1)
  t.ok((during.get('livraison_oldest_active_job_seconds{queue="deployments"}') ?? -1) >= 0)
  t.ok((during.get('livraison_redis_round_trip_seconds') ?? 9) < 1)
  t.ok(during.has('nodejs_eventloop_lag_seconds'))
  end(id)
  await fleet.finalStates(id)
  await eventually(
    async () => (await scrape(receiver)).get('livraison_lanes{state="running"}') === 0,
    'that nothing runs',
  )
})

t.test('a job that no worker takes is seen to wait', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  await fleet.merge()
  await eventually(
    async () =>
      ((await scrape(fleet.receiver)).get('livraison_oldest_waiting_job_seconds{queue="events"}') ?? 0) >
      0.05,
    'the age of a job',
  )
})

t.test('while GitHub takes no status, Prometheus sees how long it has not', async (t) => {
  const fleet = await startFleet(t)
  const { receiver, sandbox } = fleet
  const operation = 'repos/create-deployment-status'
  sandbox.faults.add({ operation, answer: { status: 502 } })
  await fleet.merge()
  const behind = await eventually(async () => {
    const found = await scrape(receiver)
    return (found.get('livraison_outbox_oldest_seconds') ?? 0) > 0.5 ? found : undefined
  }, 'a status that waits')
  t.ok((behind.get('livraison_outbox_statuses') ?? 0) >= 1)
  sandbox.faults.clear()
  const id = sandbox.deployments(shop)[0]?.id ?? 0
  await fleet.finalStates(id)
  await eventually(async () => {
    const found = await scrape(receiver)
    return found.get('livraison_outbox_statuses') === 0 && found.get('livraison_outbox_oldest_seconds') === 0
  }, 'that GitHub has all')
})

t.test('what is not signed is counted without its event, and metrics need a role', async (t) => {
  const receiver = await startReceiver(t)
  const headers = { 'content-type': 'application/json', 'x-github-event': 'made-up' }
  await fetch(`${receiver.url}/event_handler`, { method: 'POST', headers, body: '{}' })
  for (const event of ['star', 'made-up']) await receiver.deliver(signed(event, { repository: null }))
  const found = await scrape(receiver)
  t.equal(found.get('livraison_deliveries_total{event="",outcome="unauthorized"}'), 1)
  t.equal(found.get('livraison_deliveries_total{event="other",outcome="ignored"}'), 2, 'names do not pile up')
  t.notOk([...found.keys()].some((name) => name.includes('made-up')))
  t.equal((await fetch(`${receiver.url}/metrics`)).status, 401)
})

t.test('while Redis is away, there are none', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
  await scrape(receiver)
  await redis.kill()
  const headers = { authorization: `Bearer ${testAdminToken}` }
  const response = await fetch(`${receiver.url}/metrics`, { headers })
  t.equal(response.status, 503)
})
