// Each of GitHub's own example payloads gets the verdict that this table gives it.
import t, { type Test } from 'tap'
import { type Encoding, type Payload, readExamples, type Source, signed } from '../../fixtures/deliveries.ts'
import { type Answer, isError, startReceiver } from '../../fixtures/receiver.ts'

type Verdict = { job: string; name: string } | { ignored: RegExp } | 'pong'

const runIt: Verdict = { name: 'process-deployment', job: 'deployment-145988746' }
const announceIt: Verdict = { name: 'announce-status', job: 'status-209916254' }
const unmerged: Verdict = { ignored: /closed without being merged/ }
const actionless: Verdict = { ignored: /names no action/ }

const ci = (job: string): Verdict => ({ name: 'ci-finished', job: `ci-${job}` })
const status = ci('status-6805126730')
const suite = ci('check-suite-118578147-2019-05-15T152114Z-success')
const checked = (conclusion: string) => ci(`check-run-128620228-2019-05-15T152112Z-${conclusion}`)
const serverSuite = ci('check-suite-9-2019-05-15T193909Z-success')
const workflow = ci('workflow-run-289782451-2020-10-05T163349Z-success')
const unconcluded = ci('workflow-run-1589141559-2021-12-16T193722Z-')

/** What is not ignored for its event's or action's sake alone, by event and then by the example's place. */
const exceptions: Record<string, Record<string, Record<number, Verdict>>> = {
  'api.github.com': {
    deployment: { 0: runIt, 1: { ignored: /GitHub Actions workflow made this/ }, 2: runIt, 3: runIt },
    deployment_status: { 0: announceIt, 1: announceIt, 2: announceIt, 3: announceIt },
    pull_request: { 3: unmerged, 4: unmerged },
    status: { 0: status, 1: status, 2: status, 3: status },
    check_run: { 1: checked('failure'), 2: checked('success'), 3: checked('success') },
    check_suite: { 0: suite, 1: suite, 2: suite, 3: suite },
    workflow_run: { 0: unconcluded, 1: workflow, 2: workflow },
  },
  'ghes-31': {
    deployment: { 0: actionless },
    deployment_status: { 0: actionless },
    status: { 0: ci('status-2') },
    check_suite: { 0: serverSuite },
    workflow_run: { 0: unconcluded },
  },
  'ghes-35': {
    deployment: { 0: actionless, 1: actionless },
    deployment_status: { 0: actionless, 1: actionless },
    pull_request: { 2: unmerged },
    status: { 0: ci('status-2'), 1: ci('status-2') },
    check_run: { 1: ci('check-run-2-2019-05-15T193904Z-success') },
    check_suite: { 0: serverSuite, 1: serverSuite },
    workflow_run: { 0: unconcluded },
  },
}

const handled = [
  ...['deployment', 'deployment_status', 'pull_request', 'pull_request_review'],
  'issue_comment',
  ...['status', 'check_run', 'check_suite', 'workflow_run'],
]

function verdictOn(source: Source, event: string, place: number, payload: Payload): Verdict {
  if (event === 'ping') return 'pong'
  const exception = exceptions[source]?.[event]?.[place]
  if (exception) return exception
  if (event === 'issue_comment' && payload.action === 'created') {
    return { ignored: /^It is a comment on an issue\.$/ }
  }
  if (event === 'push') return { ignored: /^No environment of [\w-]+\/[\w-]+ deploys (pushes|tags)\.$/ }
  if (event === 'merge_group') return { ignored: /^No checks are configured for [\w-]+\/[\w-]+\.$/ }
  if (event === 'pull_request' && /^(opened|reopened|synchronize)$/.test(String(payload.action))) {
    return { ignored: /^No checks are configured for [\w-]+\/[\w-]+\.$/ }
  }
  const what = handled.includes(event) ? `${event} ${payload.action}` : `${event} events`
  return { ignored: new RegExp(`^Nothing is done on ${what}\\.$`) }
}

/** The examples were gathered from several servers; here they are all of one. */
const githubUrl = 'https://ghe.example.com'

function fromThere(payload: Payload): Payload {
  if (payload.repository?.html_url === undefined) return payload
  const html_url = `${githubUrl}/${payload.repository.full_name}`
  return { ...payload, repository: { ...payload.repository, html_url } }
}

const rounds: [Source, Encoding, number][] = [
  ['api.github.com', 'json', 329],
  ['api.github.com', 'form', 329],
  ['ghes-31', 'form', 49],
  ['ghes-35', 'json', 125],
]

for (const [source, encoding, count] of rounds) {
  t.test(`${source} as ${encoding}`, async (t) => {
    const receiver = await startReceiver(t, { githubUrl })
    const jobs = new Set<string>()
    let sent = 0
    for (const { name: event, examples } of readExamples(source)) {
      for (const [place, payload] of examples.entries()) {
        sent++
        const verdict = verdictOn(source, event, place, payload)
        const delivery = signed(event, fromThere(payload), { encoding, delivery: `guid-${sent}` })
        const answer = await receiver.deliver(delivery)
        isVerdict(t, answer, verdict, { delivery: `guid-${sent}`, known: jobs, what: `${event} ${place}` })
      }
    }
    t.equal(sent, count, 'that was all of them')
    t.strictSame(await receiver.jobIds(), [...jobs].sort(), 'what asks for nothing made no job')
  })
}

/** Asserts an answer, and notes the job that it made. */
function isVerdict(
  t: Test,
  { status, body }: Answer,
  verdict: Verdict,
  { delivery, known, what }: { delivery: string; known: Set<string>; what: string },
): void {
  if (verdict === 'pong') {
    t.strictSame([status, body], [200, { outcome: 'pong', delivery }], what)
  } else if ('ignored' in verdict) {
    t.match({ status, body }, { status: 200, body: { outcome: 'ignored', delivery } }, what)
    t.match(body.reason, verdict.ignored, what)
  } else {
    const [code, outcome] = known.has(verdict.job) ? [200, 'duplicate'] : [202, 'queued']
    const jobs = [{ name: verdict.name, id: verdict.job }]
    t.strictSame([status, body], [code, { outcome, delivery, jobs }], what)
    known.add(verdict.job)
  }
}

const common = ['repository', 'repository.id', 'repository.name', 'repository.full_name']

const needed: Record<string, string[]> = {
  pull_request: [
    ...common,
    'repository.default_branch',
    'pull_request',
    'pull_request.merged',
    'pull_request.number',
    'pull_request.title',
    'pull_request.user',
    'pull_request.user.login',
    'pull_request.head',
    'pull_request.head.sha',
    'pull_request.base',
    'pull_request.base.ref',
  ],
  deployment: [
    ...common,
    'deployment',
    'deployment.id',
    'deployment.sha',
    'deployment.ref',
    'deployment.environment',
    'deployment.created_at',
  ],
  deployment_status: [
    ...common,
    'deployment',
    'deployment.id',
    'deployment.sha',
    'deployment.ref',
    'deployment.environment',
    'deployment_status',
    'deployment_status.id',
    'deployment_status.state',
    'deployment_status.created_at',
  ],
  status: [...common, 'id', 'sha', 'state', 'context'],
  check_run: [...common, 'check_run', 'check_run.id', 'check_run.head_sha', 'check_run.conclusion'],
  check_suite: [...common, 'check_suite', 'check_suite.id', 'check_suite.head_sha'],
  workflow_run: [...common, 'workflow_run', 'workflow_run.id', 'workflow_run.head_sha'],
}

const completing: Record<string, string | undefined> = {
  pull_request: 'closed',
  deployment: 'created',
  deployment_status: 'created',
  status: undefined,
}

t.test('a handled event without a field that the job needs is a 400 that names it', async (t) => {
  const receiver = await startReceiver(t)
  const examples = readExamples()
  for (const [event, fields] of Object.entries(needed)) {
    const all = examples.find(({ name }) => name === event)?.examples ?? []
    const complete = all.find(
      ({ action }) => action === (event in completing ? completing[event] : 'completed'),
    )
    if (event === 'pull_request' && complete) complete.pull_request.merged = true
    for (const field of fields) {
      for (const encoding of ['json', 'form'] as const) {
        const payload = without(structuredClone(complete ?? {}), field)
        const answer = await receiver.deliver(signed(event, payload, { encoding }))
        isError(t, answer, 400, new RegExp(`The ${event} payload lacks .*[ ,]${field}[,.]`))
      }
    }
  }
  t.strictSame(await receiver.jobIds(), [])
})

function without(payload: Payload, field: string): Payload {
  const path = field.split('.')
  const last = path.pop() ?? ''
  let holder = payload
  for (const name of path) holder = holder[name]
  if (!(last in holder)) throw new Error(`The example has no ${field}`)
  delete holder[last]
  return payload
}
