import { Redis } from 'ioredis'
import t from 'tap'
import { openPresence, openWorkers } from '../../src/workers/roster.ts'
import { eventually } from '../fixtures/fleet.ts'
import { commandLine } from '../fixtures/livraison.ts'
import { startReceiver } from '../fixtures/receiver.ts'
import { testRedis } from '../fixtures/redis.ts'

const me = (name: string, ...labels: string[]) => ({
  ...{ name, labels, version: '1.2.3', concurrency: 10, startedAt: Date.parse('2026-11-26') },
})

t.test('workers are heard of, until they leave or are lost', async (t) => {
  const place = await testRedis(t)
  const redis = new Redis(place.url)
  t.teardown(() => redis.disconnect())
  const workers = openWorkers(redis, place.prefix)
  const nobody = await workers.look()
  t.match(nobody, { workers: [], pools: [] })
  t.same([nobody.workers.length, nobody.pools.length], [0, 0])
  t.same([...nobody.unattended.keys()].sort(), ['checks', 'deployments'])

  const usual = openPresence(redis, place.prefix, me('one-1', 'default'), 60_000)
  const first = await usual.beat(['deployments@eu+production', 'checks@gpu'])
  t.same(first.workers, [me('one-1', 'default')])
  t.same(first.pools, ['checks@gpu', 'deployments@eu+production'])
  t.same([...first.unattended.keys()].sort(), first.pools)
  const since = first.unattended.get('checks@gpu')
  t.equal((await workers.look()).unattended.get('checks@gpu'), since, 'it is known since when')

  const eu = openPresence(redis, place.prefix, me('two-1', 'eu', 'production', 'spare'), 200)
  t.same((await eu.beat([])).attendedNow, ['deployments@eu+production'])
  t.same([...(await workers.look()).unattended.keys()], ['checks@gpu'])
  const isLost = async () => (await workers.look()).unattended.has('deployments@eu+production')
  await eventually(isLost, 'it was not heard of for too long')
  t.same((await usual.beat([])).workers.length, 1)
  await usual.leave()
  t.equal((await workers.look()).workers.length, 0)
})

t.test('people see which workers there are, and what there is none for', async (t) => {
  const receiver = await startReceiver(t)
  const redis = new Redis(receiver.redisUrl)
  t.teardown(() => redis.disconnect())
  const line = commandLine(t, receiver)
  t.match(await line.run(['workers']), { status: 0, stdout: /^No worker is running\./ })
  const one = openPresence(redis, receiver.prefix, me('one-1', 'default', 'eu'), 60_000)
  await one.beat(['deployments@production'])
  const { stdout } = await line.run(['workers'])
  t.match(stdout, /^one-1 +default, eu +10 +.*1\.2\.3$/m)
  t.match(
    stdout,
    /^For deployments that need the label production, no worker is running \(noticed .*ago\)\.$/m,
  )
  t.match((await receiver.api('/workers')).body, {
    workers: [{ name: 'one-1', labels: ['default', 'eu'], startedAt: '2026-11-26T00:00:00.000Z' }],
    unattended: [{ what: 'deployments', labels: ['production'] }],
  })
  const metrics = await fetch(`${receiver.url}/metrics`, {
    headers: { authorization: 'Bearer a token for tests' },
  })
  const text = await metrics.text()
  t.match(text, 'livraison_attending_workers{queue="deployments"} 1')
  t.match(text, 'livraison_attending_workers{queue="deployments@production"} 0')
  t.match(text, 'livraison_jobs{queue="deployments@production",state="waiting"} 0')
})
