import t, { type Test } from 'tap'
import { decidePullRequest } from '../../../src/events/pull-request.ts'
import type { JobRequest, StartDeployment } from '../../../src/jobs/job.ts'
import { handledPayloads, type Payload, signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'

const rules = testRules().current

t.test('a merge into the default branch asks for a deployment of the merge commit', async (t) => {
  t.strictSame(decidePullRequest(handledPayloads().merged, 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'start-deployment',
        id: 'merge-186853002-2',
        data: {
          repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
          environment: 'production',
          sha: 'c4295bd74fb0f4fda03689c3df3f2803b658fd85',
          description: '#2 Update the README with new information.',
          deployUser: 'Codertocat',
          pullRequest: 2,
          branch: 'master',
          before: 'f95f852bd8fca8fcc58a9a2d6c842781e32a215e',
          delivery: 'guid',
        },
      },
    ],
  })
})

t.test('the job is named by the pull request, not by the delivery', async (t) => {
  const [one, other] = ['one', 'other'].map((guid) => jobOf(t, handledPayloads().merged, guid))
  t.equal(one?.id, other?.id)
})

t.test('one that was closed without being merged asks for nothing', async (t) => {
  const { merged } = handledPayloads()
  merged.pull_request.merged = false
  t.match(decidePullRequest(merged, 'guid', rules), {
    outcome: 'ignored',
    reason: 'The pull request was closed without being merged.',
  })
})

t.test('one merged into another branch asks for nothing', async (t) => {
  const { merged } = handledPayloads()
  merged.pull_request.base.ref = 'release-1'
  t.match(decidePullRequest(merged, 'guid', rules), {
    outcome: 'ignored',
    reason: 'The pull request was merged into release-1; master is the branch that is deployed.',
  })
  merged.repository.default_branch = 'release-1'
  t.match(decidePullRequest(merged, 'guid', rules), { outcome: 'jobs' })
})

t.test('any other action asks for nothing, whatever else is in the payload', async (t) => {
  for (const action of ['edited', 'assigned', 'no such action']) {
    t.strictSame(decidePullRequest({ action }, 'guid', rules), {
      outcome: 'ignored',
      reason: `Nothing is done on pull_request ${action}.`,
    })
  }
})

t.test('without a merge commit it is the head that is deployed', async (t) => {
  for (const absent of [null, undefined]) {
    const { merged } = handledPayloads()
    merged.pull_request.merge_commit_sha = absent
    t.equal(jobOf(t, merged).data.sha, merged.pull_request.head.sha)
  }
})

t.test('a merge from a fork is deployed in the repository it was merged into', async (t) => {
  const { merged } = handledPayloads()
  merged.pull_request.head.repo = { id: 7, name: 'fork', full_name: 'stranger/fork', default_branch: 'main' }
  t.strictSame(jobOf(t, merged).data.repository, { id: 186853002, owner: 'Codertocat', name: 'Hello-World' })
})

t.test('a merge whose author is gone is deployed too', async (t) => {
  const { merged } = handledPayloads()
  merged.pull_request.user = null
  t.equal(jobOf(t, merged).data.deployUser, 'ghost')
})

t.test('the description is at most 140 code points, with no character cut in two', async (t) => {
  const described = (title: string) => {
    const { merged } = handledPayloads()
    merged.pull_request.title = title
    return jobOf(t, merged).data.description
  }
  t.equal(described('🚀'.repeat(137)), `#2 ${'🚀'.repeat(137)}`)
  t.equal(described('🚀'.repeat(138)), `#2 ${'🚀'.repeat(136)}…`)
  t.equal([...described('🚀'.repeat(500))].length, 140)
  t.ok(described('🚀'.repeat(500)).startsWith('#2 🚀'))
  t.ok(described('🚀'.repeat(500)).endsWith('🚀…'))
  t.equal(described(''), '#2 ')
})

t.test('the job in Redis is small, however large the event', async (t) => {
  const receiver = await startReceiver(t)
  const { merged } = handledPayloads()
  merged.pull_request.body = 'long '.repeat(2000)
  merged.pull_request.title = '🚀'.repeat(256)
  t.ok(JSON.stringify(merged).length > 25_000, 'the event is large')
  await receiver.deliver(signed('pull_request', merged))
  const job = await receiver.queues.events.getJob('merge-186853002-2')
  t.ok(JSON.stringify(job?.asJSON()).length < 1500, 'all that is kept of it is not')
})

function jobOf(t: Test, payload: Payload, guid = 'guid'): JobRequest & { data: StartDeployment } {
  const decision = decidePullRequest(payload, guid, rules)
  if (decision.outcome !== 'jobs') return t.fail('it asks for no job', decision) as never
  t.equal(decision.jobs.length, 1)
  return decision.jobs[0] as JobRequest & { data: StartDeployment }
}
