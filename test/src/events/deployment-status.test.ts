import t from 'tap'
import { decideDeploymentStatus } from '../../../src/events/deployment-status.ts'
import { handledPayloads } from '../../fixtures/deliveries.ts'
import { testRules } from '../../fixtures/rules.ts'

const rules = testRules().current

t.test('a status asks to be announced', async (t) => {
  t.strictSame(decideDeploymentStatus(handledPayloads().status, 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'announce-status',
        id: 'status-209916254',
        data: {
          repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
          deployment: {
            id: 145988746,
            sha: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
            ref: 'master',
            environment: 'production',
            task: 'deploy',
            description: '',
            creator: 'Codertocat',
          },
          status: {
            id: 209916254,
            state: 'success',
            description: '',
            creator: 'Codertocat',
            createdAt: '2019-05-15T15:20:55Z',
          },
          delivery: 'guid',
        },
      },
    ],
  })
})

t.test('states that GitHub may yet invent are announced too', async (t) => {
  const { status } = handledPayloads()
  status.deployment_status.state = 'waiting'
  t.match(decideDeploymentStatus(status, 'guid', rules), {
    jobs: [{ data: { status: { state: 'waiting' } } }],
  })
})

t.test('what may be missing has a meaning, and what is long is cut', async (t) => {
  const { status } = handledPayloads()
  status.deployment_status.creator = null
  status.deployment_status.description = null
  t.match(decideDeploymentStatus(status, 'guid', rules), {
    jobs: [{ data: { status: { creator: 'ghost', description: '' } } }],
  })
  status.deployment_status.description = '🚀'.repeat(141)
  t.match(decideDeploymentStatus(status, 'guid', rules), {
    jobs: [{ data: { status: { description: `${'🚀'.repeat(139)}…` } } }],
  })
})

t.test("a status of another system's deployment is announced", async (t) => {
  const { status } = handledPayloads()
  status.workflow_run = { id: 1 }
  status.deployment_status.creator = { login: 'github-actions[bot]', type: 'Bot' }
  t.match(decideDeploymentStatus(status, 'guid', rules), {
    jobs: [{ data: { status: { creator: 'github-actions[bot]' } } }],
  })
})

t.test('a success goes on to what comes after, that of a rollback or a lock does not', async (t) => {
  const chain = testRules(`repositories:
  Codertocat/*: { environments: { production: { simulate: 1s }, next: { after: production, simulate: 1s } } }
`).current
  const { status } = handledPayloads()
  const namesOf = () => {
    const decision = decideDeploymentStatus(status, 'guid', chain)
    return decision.outcome === 'jobs' ? decision.jobs.map(({ name }) => name) : []
  }
  t.same(namesOf(), ['announce-status', 'start-deployment'])
  status.deployment.payload = { rollback_of: 7 }
  t.same(namesOf(), ['announce-status'])
  status.deployment.payload = {}
  for (const task of ['deploy:lock', 'deploy:unlock']) {
    status.deployment.task = task
    t.same(namesOf(), ['announce-status'])
  }
})

t.test('any other action asks for nothing', async (t) => {
  t.strictSame(decideDeploymentStatus({ action: 'deleted' }, 'guid', rules), {
    outcome: 'ignored',
    reason: 'Nothing is done on deployment_status deleted.',
  })
})
