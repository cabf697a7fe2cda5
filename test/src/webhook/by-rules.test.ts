// What the configuration makes of events.
import t from 'tap'
import { decide } from '../../../src/events/decide.ts'
import { handledPayloads, type Payload, signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'

const config = `repositories:
  codertocat/hello-world:
    branch: release
    environments:
      staging: { on: merge, simulate: 0s }
      "eu: west/1": { on: merge, simulate: 0s }
      edge: { on: push, simulate: 0s }
      production: { after: staging, simulate: 0s }
      Archive: { on: manual, simulate: 0s }
`
const { current: rules } = testRules(config)
const { current: others } = testRules('repositories: { acme/*: {} }')
const { current: empty } = testRules('repositories: { codertocat/*: {} }')

function merged(base = 'release'): Payload {
  const { merged } = handledPayloads()
  merged.pull_request.base.ref = base
  return merged
}

function push(changes: Payload = {}): Payload {
  return {
    ref: 'refs/heads/release',
    before: '1'.repeat(40),
    after: '2'.repeat(40),
    deleted: false,
    repository: merged().repository,
    head_commit: { message: 'Mend the cart\n\nIt was broken.' },
    pusher: { name: 'octocat' },
    sender: { login: 'octocat' },
    ...changes,
  }
}

function created(environment: string): Payload {
  const { deployment } = handledPayloads()
  deployment.deployment.environment = environment
  return deployment
}

function succeeded(changes: Payload = {}): Payload {
  const { status } = handledPayloads()
  Object.assign(status.deployment, { environment: 'Staging', ...changes })
  status.deployment_status.state = 'success'
  return status
}

const jobsOf = (event: string, payload: unknown) => {
  const decision = decide(event, payload, 'guid', rules)
  return decision.outcome === 'jobs' ? decision.jobs : []
}

t.test('what the file does not name is ignored with that reason', async (t) => {
  const { deployment, status } = handledPayloads()
  const events = { pull_request: merged(), deployment, deployment_status: status, push: push() }
  for (const [event, payload] of Object.entries(events)) {
    t.strictSame(
      decide(event, payload, 'guid', others),
      { outcome: 'ignored', reason: 'Codertocat/Hello-World is not in livraison.yml.' },
      event,
    )
  }
})

t.test(
  'a merge is deployed to each environment that deploys merges, from the branch of the rules',
  async (t) => {
    t.match(jobsOf('pull_request', merged()), [
      { name: 'start-deployment', id: 'merge-186853002-2', data: { environment: 'staging', pullRequest: 2 } },
      {
        name: 'start-deployment',
        id: 'merge-186853002-2-eu%3A%20west%2F1',
        data: { environment: 'eu: west/1', pullRequest: 2 },
      },
    ])
    t.equal(jobsOf('pull_request', merged()).length, 2)
    t.match(decide('pull_request', merged('master'), 'guid', rules), {
      outcome: 'ignored',
      reason: 'The pull request was merged into master; release is the branch that is deployed.',
    })
    t.match(decide('pull_request', merged('master'), 'guid', empty), {
      outcome: 'ignored',
      reason: 'No environment of Codertocat/Hello-World deploys merges.',
    })
    const withoutDefault = merged()
    delete withoutDefault.repository.default_branch
    t.equal(jobsOf('pull_request', withoutDefault).length, 2, 'the default branch is not asked for')
  },
)

t.test('a push to the branch of the rules is deployed where pushes are', async (t) => {
  t.strictSame(jobsOf('push', push()), [
    {
      name: 'start-deployment',
      id: `push-186853002-${'2'.repeat(40)}-edge`,
      data: {
        repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
        environment: 'edge',
        sha: '2'.repeat(40),
        description: 'Mend the cart',
        deployUser: 'octocat',
        pushedTo: 'release',
        changedAt: '2019-05-15T15:20:57.000Z',
        before: '1'.repeat(40),
        delivery: 'guid',
      },
    },
  ])
  const rows: [Payload, string][] = [
    [
      push({ ref: 'refs/heads/main' }),
      'The push was to refs/heads/main; release is the branch that is deployed.',
    ],
    [push({ ref: 'refs/tags/release' }), 'No environment of Codertocat/Hello-World deploys tags.'],
    [push({ deleted: true, head_commit: null }), 'release was deleted: there is nothing to deploy.'],
  ]
  for (const [payload, reason] of rows) {
    t.strictSame(decide('push', payload, 'guid', rules), { outcome: 'ignored', reason })
  }
  t.match(decide('push', { repository: push().repository }, 'guid', empty), {
    outcome: 'ignored',
    reason: 'No environment of Codertocat/Hello-World deploys pushes.',
  })
  t.throws(() => decide('push', push({ after: 3 }), 'guid', rules), {
    message: /lacks what the job needs: after\./,
  })
  t.equal(jobsOf('push', push({ head_commit: null }))[0]?.data.delivery, 'guid')
})

t.test(
  'a deployment is run in an environment of the rules only, by the name that they have for it',
  async (t) => {
    t.match(jobsOf('deployment', created('ARCHIVE')), [{ data: { deployment: { environment: 'Archive' } } }])
    t.match(decide('deployment', created('review'), 'guid', rules), {
      outcome: 'ignored',
      reason: 'review is not an environment of Codertocat/Hello-World in livraison.yml.',
    })
  },
)

t.test('a success is promoted, one of another system is not', async (t) => {
  const id = succeeded().deployment.id
  const [announced, promoted, ...more] = jobsOf(
    'deployment_status',
    succeeded({ payload: { deploy_user: 'mona', pull_request: 7 } }),
  )
  t.match(announced, { name: 'announce-status' })
  t.match(promoted, {
    name: 'start-deployment',
    id: `promotion-${id}-production`,
    data: {
      environment: 'production',
      sha: succeeded().deployment.sha,
      promotedFrom: id,
      pullRequest: 7,
      deployUser: 'mona',
    },
  })
  t.strictSame(more, [])
  const names = (payload: Payload) => jobsOf('deployment_status', payload).map(({ name }) => name)
  t.strictSame(names(succeeded({ environment: 'edge' })), ['announce-status'])
  t.strictSame(names(succeeded({ creator: { login: 'x[bot]', type: 'Bot' } })), ['announce-status'])
  t.strictSame(names({ ...succeeded(), workflow_run: { id: 1 } }), ['announce-status'])
  const failed = succeeded()
  failed.deployment_status.state = 'failure'
  t.strictSame(names(failed), ['announce-status'])
})

t.test('the receiver decides by the rules that are in force when an event comes', async (t) => {
  const inForce = testRules('repositories: { acme/*: {} }')
  const receiver = await startReceiver(t, { rules: inForce })
  const delivery = signed('pull_request', merged())
  t.match(await receiver.deliver(delivery), {
    status: 200,
    body: { outcome: 'ignored', reason: 'Codertocat/Hello-World is not in livraison.yml.' },
  })
  inForce.put(config)
  t.match(await receiver.deliver(delivery), { status: 202, body: { outcome: 'queued' } })
  t.strictSame(await receiver.jobIds(), ['merge-186853002-2', 'merge-186853002-2-eu%3A%20west%2F1'])
  t.match(await receiver.deliver(delivery), { status: 200, body: { outcome: 'duplicate' } })
})
