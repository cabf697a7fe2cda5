import t, { type Test } from 'tap'
import { decideDeployment } from '../../../src/events/deployment.ts'
import type { ProcessDeployment } from '../../../src/jobs/job.ts'
import { handledPayloads, type Payload, signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'

const rules = testRules().current

t.test('a deployment asks to be run', async (t) => {
  t.strictSame(decideDeployment(handledPayloads().deployment, 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'process-deployment',
        id: 'deployment-145988746',
        data: {
          repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
          deployment: {
            id: 145988746,
            sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
            ref: 'master',
            task: 'deploy',
            environment: 'production',
            description: '',
            creator: 'Codertocat',
            createdAt: '2019-05-15T15:20:53Z',
            production: true,
            transient: false,
          },
          delivery: 'guid',
        },
      },
    ],
  })
})

const facts = { environment: 'production', deploy_user: 'octocat', pull_request: 7 }
const once = JSON.stringify(facts)
const twice = JSON.stringify(once)

const payloads: [what: string, payload: unknown, deployUser?: string | undefined, pullRequest?: number][] = [
  ['an object', facts, 'octocat', 7],
  ['a JSON string', once, 'octocat', 7],
  ['a string encoded twice', twice, 'octocat', 7],
  ['a string encoded three times', JSON.stringify(twice)],
  ['a plain string', 'deploy it please'],
  ['an empty string', ''],
  ['null', null],
  ['nothing', undefined],
  ['an empty object', {}],
  ['a list', ['octocat', 7]],
  ['a number in a string', '7'],
  ['null in a string', 'null'],
  ['half a JSON object', '{"deploy_user":'],
  ['a user that is no text', { deploy_user: 7, pull_request: 7 }, undefined, 7],
  ['a number that is no number', { deploy_user: 'octocat', pull_request: '7' }, 'octocat'],
]

t.test('its payload may be anything', async (t) => {
  for (const [what, payload, deployUser, pullRequest] of payloads) {
    const { deployment } = handledPayloads()
    deployment.deployment.payload = payload
    const read = jobOf(t, deployment).deployment
    t.strictSame([read.deployUser, read.pullRequest], [deployUser, pullRequest], what)
  }
})

t.test('a deployment that rolls another back says which', async (t) => {
  const { deployment: event } = handledPayloads()
  for (const [payload, rollbackOf] of [
    [{ rollback_of: 41 }, 41],
    [{ rollback_of: '41' }, undefined],
    [{ rollback_of: 4.1 }, undefined],
  ] as const) {
    event.deployment.payload = payload
    t.equal(jobOf(t, event).deployment.rollbackOf, rollbackOf)
  }
})

t.test('what may be missing has a meaning', async (t) => {
  const { deployment: event } = handledPayloads()
  const { task: _task, production_environment: _production, ...rest } = event.deployment
  event.deployment = { ...rest, creator: null, description: null, transient_environment: null }
  t.match(jobOf(t, event).deployment, {
    task: 'deploy',
    creator: 'ghost',
    description: '',
    production: true,
    transient: false,
  })
  event.deployment.environment = 'staging'
  t.equal(jobOf(t, event).deployment.production, false, 'only production is, unless GitHub says otherwise')
  event.deployment.production_environment = true
  event.deployment.transient_environment = true
  t.match(jobOf(t, event).deployment, { production: true, transient: true })
})

const foreign: [what: string, change: (event: Payload) => void, reason: RegExp][] = [
  ['a workflow run', (event) => (event.workflow_run = { id: 1 }), /^A GitHub Actions workflow made this/],
  [
    'the bot of GitHub Actions',
    (event) => (event.deployment.creator = { login: 'github-actions[bot]', type: 'Bot' }),
    /^The bot github-actions\[bot\] made this/,
  ],
  [
    'any bot',
    (event) => (event.deployment.creator = { login: 'vercel[bot]', type: 'Bot' }),
    /^The bot vercel\[bot\] made this/,
  ],
  [
    "an app in a person's name",
    (event) => (event.deployment.performed_via_github_app = { slug: 'codespaces' }),
    /^The GitHub App codespaces made this/,
  ],
  [
    'an app without a name',
    (event) => (event.deployment.performed_via_github_app = {}),
    /^The GitHub App of another system made this/,
  ],
]

t.test('what another system runs, and what is none, is left alone for a reason', async (t) => {
  for (const [what, change, reason] of foreign) {
    const { deployment } = handledPayloads()
    change(deployment)
    t.match(decideDeployment(deployment, 'guid', rules), { outcome: 'ignored', reason }, what)
  }
})

t.test('other tasks are run, and told to the worker', async (t) => {
  for (const task of ['deploy:migrations', 'deploy:locked', 'rollback']) {
    const { deployment } = handledPayloads()
    deployment.deployment.task = task
    t.equal(jobOf(t, deployment).deployment.task, task)
  }
})

t.test('a task that locks or unlocks is told to the worker, with its reason', async (t) => {
  for (const task of ['deploy:lock', 'deploy:unlock']) {
    const { deployment } = handledPayloads()
    deployment.deployment.task = task
    deployment.deployment.payload = JSON.stringify({ reason: 'A migration.' })
    t.match(jobOf(t, deployment).deployment, { task, reason: 'A migration.' })
    deployment.deployment.payload = { reason: ' ' }
    t.notOk('reason' in jobOf(t, deployment).deployment)
  }
  const { deployment } = handledPayloads()
  deployment.deployment.payload = { reason: 'Any other has none.' }
  t.notOk('reason' in jobOf(t, deployment).deployment)
})

t.test('any other action asks for nothing', async (t) => {
  t.strictSame(decideDeployment({ action: 'deleted' }, 'guid', rules), {
    outcome: 'ignored',
    reason: 'Nothing is done on deployment deleted.',
  })
})

t.test('the job in Redis is small, however large the event', async (t) => {
  const receiver = await startReceiver(t)
  const { deployment } = handledPayloads()
  deployment.deployment.description = '🚀'.repeat(4000)
  deployment.deployment.payload = { ...facts, deploy_user: 'o'.repeat(20_000), more: 'x'.repeat(25_000) }
  await receiver.deliver(signed('deployment', deployment))
  const job = await receiver.queues.deployments.getJob('deployment-145988746')
  t.match(job?.data, { deployment: { id: 145988746 } })
  t.ok(JSON.stringify(job?.asJSON()).length < 1500)
})

function jobOf(t: Test, payload: Payload): ProcessDeployment {
  const decision = decideDeployment(payload, 'guid', rules)
  if (decision.outcome !== 'jobs') return t.fail('it asks for no job', decision) as never
  return decision.jobs[0]?.data as ProcessDeployment
}
