// Whatever is sent: no 5xx, no crash, nothing queued but with a 202, and the next good request works.
import fc from 'fast-check'
import t from 'tap'
import {
  contentTypes,
  type Delivery,
  handledPayloads,
  type Payload,
  readExamples,
  signed,
  signedBody,
} from '../../fixtures/deliveries.ts'
import { type Receiver, startReceiver } from '../../fixtures/receiver.ts'

const { merged, deployment, status } = handledPayloads()
const ci = ['status', 'check_run', 'check_suite', 'workflow_run']
const reports = readExamples().filter(({ name }) => ci.includes(name))

/** Good payloads, each with its event. */
const good: [event: string, payload: Payload][] = [
  ['pull_request', merged],
  ['deployment', deployment],
  ['deployment_status', status],
  ...reports.flatMap(({ name, examples }) =>
    examples.slice(0, 2).map((each): [string, Payload] => [name, each]),
  ),
]

/** What our decisions read; elsewhere in the payloads there is little to be broken. */
const fields = [
  ...['action', 'repository', 'repository.id', 'repository.name', 'repository.full_name'],
  ...[
    'repository.default_branch',
    'workflow_run',
    'pull_request',
    'pull_request.merged',
    'pull_request.number',
  ],
  ...['pull_request.title', 'pull_request.user', 'pull_request.user.login', 'pull_request.merge_commit_sha'],
  ...[
    'pull_request.head',
    'pull_request.head.sha',
    'pull_request.base',
    'pull_request.base.ref',
    'deployment',
  ],
  ...['deployment.id', 'deployment.sha', 'deployment.ref', 'deployment.task', 'deployment.payload'],
  ...['deployment.environment', 'deployment.description', 'deployment.creator', 'deployment.creator.type'],
  ...['deployment.performed_via_github_app', 'deployment.created_at', 'deployment_status'],
  ...['deployment_status.id', 'deployment_status.state', 'deployment_status.creator'],
  ...['id', 'sha', 'state', 'context', 'check_run', 'check_run.id', 'check_run.conclusion'],
  ...['check_suite.updated_at', 'check_suite.app', 'workflow_run.head_sha', 'workflow_run.name'],
]

const change = fc.record({
  field: fc.constantFrom(...fields),
  value: fc.option(fc.oneof(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.integer()), { nil: undefined }),
})

const changedEvent = fc
  .tuple(fc.constantFrom(...good), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([[event, payload], changes]) => ({
    event,
    body: JSON.stringify(changes.reduce(changed, structuredClone(payload))),
  }))

/** Sets the field, or deletes it if the value is undefined; a payload that has no such place stays as it is. */
function changed(payload: Payload, { field, value }: { field: string; value: unknown }): Payload {
  const path = field.split('.')
  const last = path.pop() ?? ''
  const holder = path.reduce((at, name) => at?.[name], payload)
  if (typeof holder !== 'object' || holder === null) return payload
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return payload
}

const body = fc.oneof(
  { weight: 4, arbitrary: changedEvent.map(({ body }) => body) },
  { weight: 2, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
)

const ascii = fc.string({ unit: 'grapheme-ascii' })
const event = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('pull_request', 'deployment', 'deployment_status', ...ci) },
  { weight: 1, arbitrary: fc.constantFrom('ping', 'push', 'toString', '') },
  { weight: 1, arbitrary: ascii },
)

const overwritten = fc.dictionary(
  fc.constantFrom(
    ...['content-type', 'x-github-event', 'x-github-delivery', 'x-hub-signature-256', 'x-hub-signature'],
    ...[
      'accept',
      'accept-encoding',
      'accept-version',
      'content-encoding',
      'cookie',
      'x-http-method-override',
    ],
  ),
  fc.option(ascii, { nil: undefined }),
  { maxKeys: 2 },
)

const delivery: fc.Arbitrary<Delivery> = fc
  .record({
    sent: fc.oneof(
      { weight: 1, arbitrary: changedEvent },
      { weight: 2, arbitrary: fc.record({ event, body }) },
    ),
    encoding: fc.constantFrom('json', 'form'),
    wrapped: fc.boolean(),
    secret: fc.option(fc.constant('another'), { freq: 5, nil: undefined }),
    overwritten: fc.option(overwritten, { freq: 2, nil: {} }),
  })
  .map(({ sent: { event, body }, encoding, wrapped, secret, overwritten }) => {
    const form = encoding === 'form' && wrapped
    const bytes = form ? new URLSearchParams({ payload: body.toString() }).toString() : body
    const { headers, ...rest } = signedBody(event, bytes, { encoding, ...(secret && { secret }) })
    const all = Object.entries({ ...headers, ...overwritten })
    const present = all.filter((header): header is [string, string] => header[1] !== undefined)
    return { ...rest, headers: Object.fromEntries(present) }
  })

t.test('any headers and any body', async (t) => {
  const receiver = await startReceiver(t)
  const seen = new Map<number, number>()
  let queued = 0
  const property = fc.asyncProperty(delivery, async (delivery) => {
    const answer = await receiver.deliver(delivery)
    seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
    const made = (await countJobs(receiver)) - queued
    queued += made
    if (answer.status >= 500) throw new Error(`it answered ${answer.status}: ${answer.body.message}`)
    if (made !== (answer.status === 202 ? 1 : 0)) throw new Error(`${answer.status}, but ${made} jobs`)
    if (!isOfTheContract(answer.status, answer.body)) throw new Error(JSON.stringify(answer.body))
    const { status } = await receiver.deliver(signed('ping', {}))
    if (status !== 200) throw new Error(`the next ping was answered ${status}`)
  })
  await fc.assert(property, { numRuns: 300, interruptAfterTimeLimit: 20_000 })
  for (const kind of [200, 202, 400, 401]) t.ok(seen.get(kind), `some were answered ${kind}`)
  t.strictSame(
    receiver.log.filter(({ level }) => level >= 50),
    [],
    'nothing went wrong',
  )
  const last = structuredClone(merged)
  last.repository.id = 987_654_321_012
  t.match(await receiver.deliver(signed('pull_request', last)), { status: 202 })
})

t.test('every form of a good payload is good', async (t) => {
  const receiver = await startReceiver(t)
  const property = fc.asyncProperty(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('json', 'form'),
    async (zen, encoding) => {
      const { headers, body } = signed('ping', { zen }, { encoding })
      const charset = { ...headers, 'content-type': `${contentTypes[encoding]}; charset=utf-8` }
      const { status } = await receiver.deliver({ headers: charset, body })
      if (status !== 200) throw new Error(`it answered ${status}`)
    },
  )
  await t.resolves(fc.assert(property, { numRuns: 100 }))
})

function isOfTheContract(status: number, body: Record<string, unknown>): boolean {
  const names = Object.keys(body).sort().join()
  if (status >= 400) return names === 'error,message,statusCode' && body.statusCode === status
  if (status === 202) return names === 'delivery,jobs,outcome' && body.outcome === 'queued'
  return ['delivery,outcome', 'delivery,outcome,reason', 'delivery,jobs,outcome'].includes(names)
}

async function countJobs({ queues }: Receiver): Promise<number> {
  const [deployments, events] = await Promise.all([queues.deployments.count(), queues.events.count()])
  return deployments + events
}
