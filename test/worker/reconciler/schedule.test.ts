import { Redis } from 'ioredis'
import { pino } from 'pino'
import t from 'tap'
import type { Reconciler } from '../../../worker/reconciler/open-reconciler.ts'
import { startSchedule } from '../../../worker/reconciler/schedule.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { nothing, openHealer } from './healer.ts'

t.test('workers look for what was missed by themselves', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox, receiver } = fleet
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  const settings = { RECONCILE_SECONDS: '0.5', PUBLIC_URL: receiver.url }
  for (let count = 0; count < 3; count++) fleet.addWorker({ settings })
  const passes = () => sandbox.requests.filter(({ operationId }) => operationId === 'repos/get').length
  await sandbox.whenever(passes, { what: 'a pass after the start' })
  const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  await fleet.merge()
  await sandbox.whenever(() => loss.hits === 2)
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(deployment.id), ['pending', 'in_progress', 'success'])
  const again = () => sandbox.deliveries().filter(({ redelivery }) => redelivery)
  await sandbox.whenever(() => again()[0]?.status === 'OK')
  t.match(again(), [{ event: 'pull_request', action: 'opened' }])
  t.equal(sandbox.deployments(shop).length, 1)
})

t.test('a fleet shares one schedule', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const began = performance.now()
  const passes: number[] = []
  const reconciler: Reconciler = {
    async pass() {
      passes.push(performance.now() - began)
      return { outcome: 'done', healed: nothing }
    },
    async close() {},
  }
  const log = pino({ level: 'silent' })
  for (let worker = 0; worker < 3; worker++) {
    t.teardown(startSchedule(reconciler, { redis, prefix, intervalMs: 200, log }))
  }
  await eventually(() => passes.length >= 9, 'nine passes')
  // Six times at least 160 ms, but for turns that coincide; with a pass for each turn it would be twice 200 ms.
  t.ok((passes[8] ?? 0) - (passes[2] ?? 0) > 560, 'not one pass for each', { passes })
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
