// One merge is one trace: from GitHub's delivery through the queue, the deployment that GitHub answers with, the run and the statuses,
// to the notices, in processes as they are run for real.
import t, { type Test } from 'tap'
import { type CollectedSpan, startCollector } from '../fixtures/collector.ts'
import { testSecret } from '../fixtures/deliveries.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { mergeAndWait, type Processes, startProcesses } from '../fixtures/processes.ts'
import { ownRedis } from '../fixtures/redis.ts'
import { startToldServer, type ToldServer } from '../fixtures/told-server.ts'

t.setTimeout(150_000)

const adminToken = 'the-token-of-the-admin'

const configFor = (told: ToldServer) => `
repositories:
  acme/shop:
    environments:
      staging:
        run: echo "traced as $TRACEPARENT in [$TRACESTATE]"
      production:
        after: staging
        request: { url: "${told.url}/deploy?key=of-the-deployer", allow_private: true }
    notify:
      - webhook: { url: "${told.url}/told", allow_private: true }
        on: [success]
`

async function readLog({ url }: Processes, id: number): Promise<string> {
  const headers = { authorization: `Bearer ${adminToken}` }
  return (await fetch(`${url}/api/deployments/acme/shop/${id}/log`, { headers })).text()
}

/** One line for each delivery and one for each job's end, which say what they are about, each thing once. */
function sayWhatTheyAreAbout(t: Test, { receiver, worker }: Processes, deployment: number) {
  const linesOf = (said: string) => said.split('\n').filter((line) => line.startsWith('{'))
  const all = [receiver, worker].flatMap(({ said }) => linesOf(said()))
  const records = all.map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const line of all) {
    const names = [...line.matchAll(/[{,]"(job|jobName|delivery|repository|deployment|trace_id)":/g)].map(
      ([, name]) => name,
    )
    t.equal(new Set(names).size, names.length, `nothing is said twice in ${line}`)
  }
  const merged = records.find(({ event, outcome }) => event === 'pull_request' && outcome === 'queued')
  t.match(merged, {
    msg: 'delivery queued',
    action: 'closed',
    repository: shop,
    jobs: [/^merge-/],
    trace_id: String,
  })
  const started = records.find(({ delivery, msg }) => delivery === merged?.delivery && msg === 'job done')
  t.match(started, { jobName: 'start-deployment', repository: shop, trace_id: merged?.trace_id, ms: Number })
  const ran = records.find(
    (each) =>
      each.deployment === deployment && each.msg === 'job done' && each.jobName === 'process-deployment',
  )
  t.match(ran, { job: `deployment-${deployment}`, repository: shop, result: 'done', delivery: String })
}

const wordsOf = (spans: CollectedSpan[]) =>
  spans.map(({ name, attributes }) => attributes['livraison.job_name'] ?? name)

t.test('one merge is one trace, to the last status and the notice', async (t) => {
  const collector = await startCollector(t)
  const told = await startToldServer(t)
  const { url: redisUrl } = await ownRedis(t)
  const processes = await startProcesses(t, {
    redisUrl,
    config: configFor(told),
    settings: {
      ADMIN_TOKEN: adminToken,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=a-key-for-the-collector',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
      OTEL_BSP_SCHEDULE_DELAY: '100',
    },
  })
  const [staging = 0, production = 0] = await mergeAndWait(processes)
  await eventually(() => told.posts.filter(({ path }) => path === '/told').length === 2, 'both notices')
  const log = await readLog(processes, staging)
  await processes.receiver.stop()
  await processes.worker.stop()
  sayWhatTheyAreAbout(t, processes, production)
  const { spans } = collector

  const first = spans.find(({ attributes }) => attributes['livraison.event'] === 'pull_request')
  t.match(first, { name: 'POST /event_handler', service: 'livraison-receiver', parentId: undefined })
  const { traceId = '' } = first ?? {}
  t.strictSame(
    [...new Set(spans.map((span) => span.traceId))],
    [traceId],
    'everything that was traced is in that one trace',
  )
  t.ok(
    spans.every(({ parentId }) => parentId === undefined || spans.some(({ spanId }) => spanId === parentId)),
    'every parent is there',
  )
  t.equal(spans.filter(({ parentId }) => parentId === undefined).length, 1, 'it has one beginning')

  const reports = spans
    .filter(({ name }) => name.startsWith('report '))
    .toSorted((one, other) => one.beganAt - other.beganAt)
  t.same(
    reports.map(({ name }) => name),
    ['pending', 'in_progress', 'success', 'pending', 'in_progress', 'success'].map(
      (state) => `report ${state}`,
    ),
  )
  const last = spans.find(({ parentId }) => parentId === reports.at(-1)?.spanId)
  t.match(last, {
    name: 'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses',
    service: 'livraison-worker',
    attributes: { 'http.response.status_code': '201' },
  })
  t.same(
    wordsOf(reports.slice(0, 1).flatMap(collector.wayUp)).filter((word) => !word.startsWith('add ')),
    [
      'report pending',
      'process-deployment',
      'POST /event_handler',
      'start-deployment',
      'POST /event_handler',
    ],
  )
  const notices = spans.filter(({ attributes }) => attributes['livraison.channel'] !== undefined)
  t.same(
    new Set(notices.map(({ attributes }) => attributes['livraison.deployment'])),
    new Set([staging, production].map(String)),
  )

  const runs = spans.filter(({ name }) => name === 'run')
  t.same(
    new Set(runs.map(({ attributes }) => attributes['livraison.environment'])),
    new Set(['staging', 'production']),
  )
  const ofCommand = runs.find(({ attributes }) => attributes['livraison.environment'] === 'staging')
  t.match(log, `traced as 00-${traceId}-${ofCommand?.spanId}-01 in []`, 'the command saw where it runs')
  const called = told.posts.find(({ path }) => path.startsWith('/deploy'))
  const ofRequest = runs.find(({ attributes }) => attributes['livraison.environment'] === 'production')
  t.equal(called?.headers.traceparent, `00-${traceId}-${ofRequest?.spanId}-01`)

  const sent = collector.bodies.join('\n')
  for (const secret of [processes.sandbox.token, testSecret, 'of-the-deployer', 'a-key-for-the-collector']) {
    t.notOk(sent.includes(secret), 'no secret is in a span')
  }
  t.equal(collector.headers[0]?.['x-collector-key'], 'a-key-for-the-collector')
  t.match(sent, /deployment\.environment\.name/)
})
