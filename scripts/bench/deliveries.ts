import { createHmac, randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'

/** How a webhook sends its payload. */
export type ContentType = 'json' | 'form'

export interface Deliveries {
  /** Gives whole requests, signed, each about another deployment or pull request and with a GUID of its own. */
  next(count: number): Buffer[]
}

interface Example {
  event: string
  payload: Record<string, unknown>
}

/** What GitHub sends around a merge, at its real size: 24, 9 and 13 KB. */
const wanted = [
  { event: 'pull_request', action: 'closed' },
  { event: 'deployment', action: 'created' },
  { event: 'deployment_status', action: 'created' },
]

/** Where each delivery's own number comes, which has as many digits. Nothing else in the payloads is this number. */
const numberToReplace = 7_777_777_777
const firstNumber = 1_000_000_000
let lastNumber = firstNumber

/** Real payloads in turn, changed only so that they ask for a job: merged, and made by a person. */
export function createDeliveries(contentType: ContentType, secret: string): Deliveries {
  const templates = readExamples().map((example) => createTemplate(example, contentType, secret))
  return {
    next: (count) =>
      Array.from({ length: count }, (_, index) => {
        lastNumber += 1
        return (templates[index % templates.length] as (number: number) => Buffer)(lastNumber)
      }),
  }
}

/** The example of an event by GitHub that is the most complete: the one that an app gets, with its installation. */
function readExample(event: string, action: string): Record<string, unknown> {
  const require = createRequire(import.meta.url)
  const events: {
    name: string
    examples: Record<string, unknown>[]
  }[] = require('@octokit/webhooks-examples/api.github.com/index.json')
  const examples = events.find(({ name }) => name === event)?.examples ?? []
  const found = examples.find((example) => example.action === action && example.installation !== undefined)
  if (!found) throw new Error(`There is no example of ${event}.${action}.`)
  return structuredClone(found)
}

function readExamples(): Example[] {
  return wanted.map(({ event, action }) => {
    const payload = readExample(event, action)
    setNumber(payload, numberToReplace)
    return { event, payload }
  })
}

/** Sets the number that makes each delivery another, and what makes the receiver want it. */
function setNumber(payload: Record<string, unknown>, value: number): void {
  const { pull_request, deployment, deployment_status } = payload as Record<string, Record<string, unknown>>
  if (pull_request) Object.assign(pull_request, { number: value, ...merged(payload) })
  else if (deployment_status) deployment_status.id = value
  else if (deployment) {
    const creator = (payload.repository as Record<string, unknown>).owner
    Object.assign(deployment, { id: value, performed_via_github_app: null, creator })
    // A workflow's deployment is the workflow's to run.
    Object.assign(payload, { workflow_run: null, workflow: null })
  }
}

function merged(payload: Record<string, unknown>) {
  const { default_branch } = payload.repository as { default_branch: string }
  const { base } = payload.pull_request as { base: object }
  return {
    merged: true,
    merge_commit_sha: 'c'.repeat(40),
    merged_at: '2026-03-04T12:00:00Z',
    base: { ...base, ref: default_branch },
  }
}

function createTemplate({ event, payload }: Example, contentType: ContentType, secret: string) {
  const json = JSON.stringify(payload)
  const text = contentType === 'json' ? json : new URLSearchParams({ payload: json }).toString()
  const [before = '', after = ''] = text.split(String(numberToReplace))
  const type = contentType === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  return (value: number): Buffer => {
    const body = Buffer.from(`${before}${value}${after}`)
    return Buffer.concat([Buffer.from(headOf(event, type, body, secret)), body])
  }
}

/** The delivery of a deployment that somebody made for an environment that is not production. */
export function deploymentDelivery(environment: string, id: number, secret: string): Buffer {
  const payload = readExample('deployment', 'created')
  setNumber(payload, id)
  const more = { environment, production_environment: false, transient_environment: false, task: 'deploy' }
  Object.assign(payload.deployment as object, more)
  const body = Buffer.from(JSON.stringify(payload))
  return Buffer.concat([Buffer.from(headOf('deployment', 'application/json', body, secret)), body])
}

/** The head of a request as GitHub's webhooks send it. */
function headOf(event: string, type: string, body: Buffer, secret: string): string {
  const lines = [
    'POST /event_handler HTTP/1.1',
    'Host: 127.0.0.1',
    'Accept: */*',
    'User-Agent: GitHub-Hookshot/0000000',
    `Content-Type: ${type}`,
    `Content-Length: ${body.length}`,
    `X-GitHub-Event: ${event}`,
    `X-GitHub-Delivery: ${randomUUID()}`,
    'X-GitHub-Hook-ID: 1',
    `X-Hub-Signature-256: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  ]
  return `${lines.join('\r\n')}\r\n\r\n`
}
