// Traces where something is wrong: with what comes, with what runs, with the collector.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { startCollector } from '../fixtures/collector.ts'
import { handledPayloads, signed, testSecret } from '../fixtures/deliveries.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { mergeAndWait, startProcesses } from '../fixtures/processes.ts'
import { ownRedis } from '../fixtures/redis.ts'

t.setTimeout(150_000)

t.test('what is not known to be ours is in no trace, and what fails is marked', async (t) => {
  const collector = await startCollector(t)
  const { url: redisUrl } = await ownRedis(t)
  const processes = await startProcesses(t, {
    redisUrl,
    config: "repositories: { acme/shop: { environments: { production: { run: 'exit 3', wait: 1s } } } }",
    settings: {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/v1/traces`,
      OTEL_SERVICE_NAME: 'ours',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  })
  const { sandbox, url } = processes
  const foreign = '0af7651916cd43dd8448eb211c80319c'
  const { headers, body } = signed('pull_request', handledPayloads().merged)
  const traceparent = `00-${foreign}-b7ad6b7169203331-01`
  const posted = { method: 'POST', headers: { ...headers, traceparent }, body: new Uint8Array(body) }
  await fetch(`${url}/event_handler`, posted)
  await fetch(`${url}/api/deployments`, { ...posted, headers: { traceparent } })

  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  await sandbox.createHook(shop, { url: `${url}/event_handler`, secret: testSecret, contentType: 'form' })
  const { number } = await sandbox.openPullRequest(shop, { title: 'Break the cart' })
  await sandbox.mergePullRequest(shop, number)
  const hasFailed = () =>
    sandbox.deployments(shop).some(({ statuses }) => statuses.at(-1)?.state === 'failure')
  await sandbox.whenever(hasFailed, { what: 'a failure', timeoutMs: 30_000 })
  await processes.receiver.stop()
  await processes.worker.stop()
  const { spans } = collector
  t.notOk(collector.bodies.join().includes(foreign), 'a traceparent from outside is not read')
  t.equal(
    spans.find(({ name }) => name === 'POST /api/deployments')?.attributes['http.response.status_code'],
    '403',
  )
  t.match(spans.find(({ name }) => name === 'run')?.error, /exit|status 3/)
  const waits = spans.flatMap(({ events }) => events).filter(({ name }) => name === 'asleep')
  t.ok(
    waits.some(({ attributes }) => /^Held back for/.test(attributes['livraison.reason'] ?? '')),
    'what it waited for is told',
  )
  t.same([...new Set(spans.map(({ service }) => service))], ['ours'])
})

t.test('a collector that is not there disturbs nothing', async (t) => {
  const { url: redisUrl } = await ownRedis(t)
  const processes = await startProcesses(t, {
    redisUrl,
    config:
      'repositories: { acme/shop: { environments: { production: { simulate: 0s }, second: { after: production, simulate: 0s } } } }',
    settings: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
    },
  })
  await mergeAndWait(processes)
  t.equal(await processes.receiver.stop(), 0)
  t.equal(await processes.worker.stop(), 0)
  t.match(processes.worker.said(), /"trace_id":"[0-9a-f]{32}"/)
  t.match(processes.worker.said(), /traces are lost/)
})

t.test('without an address for traces, nothing of OpenTelemetry is loaded', async (t) => {
  const { url: redisUrl } = await ownRedis(t)
  const loads = t.testdir({})
  const processes = await startProcesses(t, {
    redisUrl,
    config: 'repositories: { acme/shop: { environments: { production: { simulate: 0s } } } }',
    settings: {
      NODE_OPTIONS: `--import ${resolve('test/fixtures/note-loads.mjs')}`,
      NOTE_LOADS: loads,
      OTEL_SERVICE_NAME: 'ours',
    },
    // In a bundle, one does not see of which package a file is.
    bundled: false,
  })
  await eventually(() => /waiting for jobs/.test(processes.worker.said()), 'the worker')
  for (const process of [processes.receiver, processes.worker]) {
    const urls = readFileSync(join(loads, String(process.child.pid)), 'utf8').split('\n')
    t.ok(
      urls.some((url) => /node_modules\/bullmq\//.test(url)),
      'what is loaded can be seen',
    )
    // prom-client loads the API, which is small and does nothing by itself.
    t.same(
      urls.filter((url) => /node_modules\/(@opentelemetry\/(?!api\/)|bullmq-otel)/.test(url)),
      [],
    )
    t.equal(await process.stop(), 0)
  }
})
