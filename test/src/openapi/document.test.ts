// The OpenAPI document: of all routes, sound, and true to what the receiver really answers.
import { randomBytes } from 'node:crypto'
import { Ajv2020 } from 'ajv/dist/2020.js'
import t, { type Test } from 'tap'
import { openCallbacks } from '../../../src/callbacks/callbacks.ts'
import { openChecks } from '../../../src/checks/checks.ts'
import { checkIdOf } from '../../../src/checks/id.ts'
import { checkKeys } from '../../../src/checks/keys.ts'
import { openGates } from '../../../src/ci/gates.ts'
import { openHeld } from '../../../src/deployments/held.ts'
import { openSkipped } from '../../../src/deployments/skipped.ts'
import type { Check } from '../../../src/jobs/job.ts'
import { openMergeWaits } from '../../../src/merging/waits.ts'
import { openChannelBook } from '../../../src/notices/channel-book.ts'
import { signatureOf } from '../../../src/signature-of.ts'
import { handledPayloads, signed } from '../../fixtures/deliveries.ts'
import { type Answer, get, type Receiver, startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores, shopRepository } from '../api/stores.ts'
import { documentOf, judgeOf, operationsOf } from './judge.ts'

t.test('all routes are in it, each with all that is to be said', async (t) => {
  const document = await documentOf(await startReceiver(t))
  t.match(document, { openapi: '3.1.0', servers: [{ url: 'http://livraison.test' }] })
  const operations = operationsOf(document)
  const names = operations.map(({ name }) => name)
  for (const known of [
    'post /event_handler',
    'post /callbacks/{id}/{token}',
    'post /hubot/commands',
    'get /healthz',
    'get /readyz',
    'get /metrics',
    'get /api/deployments',
    'get /api/deployments/{owner}/{repo}/{id}/log',
    'get /api/why/{owner}/{repo}/{environment}',
    'get /api/events',
    'get /api/openapi.json',
  ]) {
    t.ok(names.includes(known), known)
  }
  t.notOk(
    names.some((name) => /^(options|head) /.test(name)),
    'no methods that say nothing',
  )
  const tags = document.tags.map(({ name }) => name)
  for (const { path, operation, name } of operations) {
    t.ok(operation.operationId && operation.summary, `${name} has a schema: see CONTRIBUTING.md`)
    t.ok(
      operation.tags?.length === 1 && tags.includes(operation.tags[0] ?? ''),
      `${name} has a tag that is described`,
    )
    const statuses = Object.keys(operation.responses)
    t.ok(
      statuses.some((status) => /^2\d\d$/.test(status)),
      `${name} succeeds`,
    )
    t.ok(statuses.includes('default'), `${name} fails`)
    for (const { description, content } of Object.values(operation.responses)) {
      t.ok(description && content, `${name} describes its answers`)
    }
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path')
    t.strictSame(
      described.map((parameter) => parameter.name),
      inPath,
      `${name} describes its path`,
    )
    if (!path.startsWith('/api/')) continue
    t.strictSame(operation.security, [{ token: [] }], `${name} needs a token`)
    t.match(operation.description, /Needs (the role \w+|any role)\.$/, `${name} says which role`)
    t.match(statuses, { length: statuses.length })
    for (const status of ['401', '403', '503']) t.ok(statuses.includes(status), `${name} may be ${status}`)
  }
  const ids = operations.map(({ operation }) => operation.operationId)
  t.strictSame([...new Set(ids)], ids, 'each operation has an id of its own')
})

t.test('each schema is one, and each reference leads somewhere', async (t) => {
  const document = await documentOf(await startReceiver(t))
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(
    ([, target = '']) => target,
  )
  t.ok(references.length > 10)
  for (const target of new Set(references)) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(target)?.[1] ?? ''
    t.ok(name in document.components.schemas, target)
  }
  for (const name of Object.keys(document.components.schemas)) {
    t.ok(references.includes(`#/components/schemas/${name}`), `${name} is used`)
  }
  const ajv = new Ajv2020({ strict: false })
  const check = (schema: object, of: string) => t.ok(ajv.validateSchema(schema), of, { errors: ajv.errors })
  for (const [name, schema] of Object.entries(document.components.schemas)) check(schema, name)
  for (const { operation, name } of operationsOf(document)) {
    for (const { schema } of operation.parameters ?? []) check(schema, name)
    const contents = [
      operation.requestBody?.content,
      ...Object.values(operation.responses).map((each) => each.content),
    ]
    for (const { schema } of contents.flatMap((content) => Object.values(content ?? {}))) check(schema, name)
  }
})

/** Deployments, checks and waits of every kind. */
async function fill(t: Test, receiver: Receiver) {
  const { redis, keys, queues, records, lanes } = await openStores(t, receiver)
  const { prefix } = receiver
  for (const id of [10, 11, 12, 13])
    await records.accept(jobOf(id, id === 12 ? { pullRequest: 7, tag: 'v1' } : {}))
  const entry = await lanes.enter(jobOf(10), 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(jobOf(10), entry.fence)
  await lanes.enter(jobOf(11), 'queue', 'host-1')
  await openHeld(redis, keys, queues).hold(jobOf(12), 'queue', [{ hold: 'wait', reason: 'It waits.' }])
  await lanes.end(jobOf(13), 'error', 'Given up.')
  const at = Date.now()
  const what = { repositoryId: 42, environment: 'production', sha: 'a'.repeat(40) }
  await openGates(redis, prefix).write({
    ...what,
    jobId: 'a',
    verdict: 'red',
    checks: ['x'],
    since: at,
    until: at,
  })
  await openSkipped(redis, prefix).write({
    ...what,
    jobId: 'b',
    pullRequest: 3,
    reason: 'no file changed',
    at,
  })
  const wait = {
    pullRequest: 4,
    sha: what.sha,
    reasons: ['a review'],
    shaSince: at,
    reasonsSince: at,
    since: at,
  }
  await openMergeWaits(redis, prefix).write(42, { ...wait, until: at + 1000 })
  const channels = openChannelBook(redis, prefix)
  await channels.seen([{ id: 'abc', kind: 'slack', name: 'slack (acme/shop)', repository: 'acme/shop' }])
  await channels.broken('abc', 'It answered 500.', true)
  await channels.letGo('abc', 'It answered 400.')
  await openMergeWaits(redis, prefix).giveUp(42, { ...wait, pullRequest: 5, until: at + 1000 })
  const { merged, deployment } = handledPayloads()
  for (const payload of [merged, deployment]) Object.assign(payload.repository, eventFrom().repository)
  merged.pull_request.merged = false
  const closed = await receiver.deliver(signed('pull_request', merged))
  const created = await receiver.deliver(signed('deployment', deployment))
  return { redis, keys, closed, created }
}

async function wantCheck(receiver: Receiver, redis: Awaited<ReturnType<typeof openStores>>['redis']) {
  const pullRequest = {
    number: 7,
    sha: 'b'.repeat(40),
    ref: 'x',
    base: 'main',
    fork: false,
    author: 'octocat',
  }
  const job = { repository: shopRepository, pullRequest, context: 'test', at: 1, delivery: 'one' } as Check
  await openChecks(redis, checkKeys(receiver.prefix)).want(job, 'check-1')
  return checkIdOf(42, pullRequest.sha, 'test')
}

t.test('what is answered is what the document says', async (t) => {
  const receiver = await startReceiver(t)
  const judge = judgeOf(await documentOf(receiver))
  const { redis, closed, created } = await fill(t, receiver)
  const check = await wantCheck(receiver, redis)
  judge(t, '/event_handler', closed, 'post')
  judge(t, '/event_handler', created, 'post')
  judge(t, '/event_handler', await receiver.deliver(signed('ping', {})), 'post')
  judge(t, '/event_handler', await receiver.deliver(signed('ping', {}, { secret: 'another' })), 'post')
  judge(t, '/event_handler', await receiver.deliver(signed('deployment', {})), 'post')
  judge(t, '/healthz', await receiver.get('/healthz'))
  judge(t, '/readyz', await receiver.get('/readyz'))

  const one = '/api/deployments/{owner}/{repo}/{id}'
  const rows: [path: string, asked: string, status: number][] = [
    ['/api/deployments', '/deployments', 200],
    ['/api/deployments', '/deployments?repository=acme/never', 200],
    ['/api/deployments', '/deployments?limit=0', 400],
    ...[10, 11, 12, 13].map((id): [string, string, number] => [one, `/deployments/acme/shop/${id}`, 200]),
    [one, '/deployments/acme/shop/99', 404],
    ['/api/checks/{owner}/{repo}/{id}', `/checks/acme/shop/${check}`, 200],
    ['/api/channels', '/channels', 200],
    ['/api/workers', '/workers', 200],
    ['/api/deliveries', '/deliveries', 200],
    ['/api/deliveries', '/deliveries?limit=1&event=ping', 200],
    ['/api/deliveries/{guid}', `/deliveries/${closed.body.delivery}`, 200],
    ['/api/deliveries/{guid}', '/deliveries/none', 404],
    ['/api/why/{owner}/{repo}/{environment}', '/why/acme/shop/production', 200],
    ['/api/why/{owner}/{repo}/{environment}', '/why/acme/never/production', 200],
    ['/api/openapi.json', '/openapi.json', 200],
  ]
  for (const [path, asked, status] of rows) {
    const answer = await receiver.api(asked)
    t.equal(answer.status, status, asked)
    judge(t, path, answer)
  }
  judge(t, '/api/deployments', await get(`${receiver.url}/api/deployments`))
  const { body } = await receiver.api('/why/acme/shop/production')
  for (const part of [
    'waiting',
    'held',
    'jobs',
    'unsent',
    'stoppedByCi',
    'skipped',
    'merges',
    'mergesGivenUp',
  ]) {
    t.ok((body[part] as unknown[]).length > 0, `there is something in ${part}`)
  }
  t.ok((body.refused as unknown[]).length > 0 && body.running !== null)
})

t.test('callbacks are answered as it says', async (t) => {
  const receiver = await startReceiver(t)
  const judge = judgeOf(await documentOf(receiver))
  const { redis, keys, records } = await openStores(t, receiver)
  await records.accept(jobOf(5))
  const token = randomBytes(8).toString('hex')
  await openCallbacks(redis, keys, receiver.prefix).open(5, token, 60_000)
  const tell = async (given: string, state: string): Promise<Answer> => {
    const response = await fetch(`${receiver.url}/callbacks/5/${given}`, {
      method: 'POST',
      body: JSON.stringify({ state, log: 'x' }),
    })
    const body = (await response.json()) as Record<string, unknown>
    return { status: response.status, headers: response.headers, body }
  }
  const path = '/callbacks/{id}/{token}'
  for (const [given, state, status] of [
    [token, 'in_progress', 202],
    [token, 'done', 400],
    ['another', 'success', 404],
    [token, 'success', 202],
    [token, 'success', 409],
  ] as const) {
    const answer = await tell(given, state)
    t.equal(answer.status, status)
    judge(t, path, answer, 'post')
  }
})

t.test('commands of Hubot are answered as it says', async (t) => {
  const receiver = await startReceiver(t, { hubotSecrets: ['secret'] })
  const judge = judgeOf(await documentOf(receiver))
  const user = { id: 'U0123', name: 'octo' }
  const asked = { id: '0123456789abcdef', robot: 'hubot', adapter: 'slack', room: 'ops', user }
  const send = async (body: unknown, secret: string): Promise<Answer> => {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const text = JSON.stringify(body)
    const response = await fetch(`${receiver.url}/hubot/commands`, {
      method: 'POST',
      headers: {
        'x-livraison-timestamp': timestamp,
        'x-livraison-signature-256': signatureOf(secret, timestamp, text),
      },
      body: text,
    })
    const answer = (await response.json()) as Record<string, unknown>
    return { status: response.status, headers: response.headers, body: answer }
  }
  for (const [body, secret, status] of [
    [{ ...asked, command: { name: 'status', app: 'shop' } }, 'secret', 200],
    [{ ...asked, command: { name: 'explode' } }, 'secret', 400],
    [asked, 'another', 401],
  ] as const) {
    const answer = await send(body, secret)
    t.equal(answer.status, status)
    judge(t, '/hubot/commands', answer, 'post')
  }
})
