// Which changes of a pull request have it looked at, where pull requests are merged by us.
import t from 'tap'
import { decide } from '../../../src/events/decide.ts'
import type { PullRequestChanged } from '../../../src/jobs/job.ts'
import { type Payload, readExamples, signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { testRules } from '../../fixtures/rules.ts'

const config = (merge: string) => `
repositories:
  Codertocat/Hello-World:
    merge: { ${merge} }
    environments: { production: { simulate: 20ms } }
`
const rules = testRules(config('label: automerge')).current

function payload(action: string, labels: string[], changes: Payload = {}): Payload {
  const examples = readExamples().find(({ name }) => name === 'pull_request')?.examples ?? []
  const found = structuredClone(examples.find((each) => each.action === 'opened')) ?? {}
  found.pull_request.labels = labels.map((name) => ({ name }))
  found.pull_request.updated_at = '2026-01-02T03:04:05Z'
  return { ...found, action, ...changes }
}

const label = (name: string) => ({ label: { name } })

function jobOf(event: Payload): { id: string; data: PullRequestChanged } | undefined {
  const decision = decide('pull_request', event, 'guid', rules)
  return decision.outcome === 'jobs' ? (decision.jobs[0] as never) : undefined
}

t.test('a label that asks is a wish for this head and this base', async (t) => {
  const event = payload('labeled', ['bug', 'AutoMerge'], label('AutoMerge'))
  const { head, base, number } = event.pull_request
  t.strictSame(jobOf(event), {
    name: 'pull-request-changed',
    id: `pull-186853002-${number}-labeled-2026-01-02T030405Z-${head.sha}`,
    data: {
      repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
      pullRequest: number,
      labelled: true,
      ask: { how: 'label', by: 'Codertocat', sha: head.sha, base: base.ref, at: 1767323045000 },
      delivery: 'guid',
    },
  })
  t.match(jobOf(payload('opened', ['automerge'])), { data: { ask: { how: 'label' } } })
})

t.test('whatever may make it ready, or end its wait, is no new wish', async (t) => {
  for (const action of ['synchronize', 'reopened', 'ready_for_review', 'closed']) {
    const job = jobOf(payload(action, ['automerge']))
    t.match(job, { data: { labelled: true } }, action)
    t.notOk(job?.data.ask, action)
  }
  t.match(jobOf(payload('unlabeled', [], label('automerge'))), { data: { labelled: false } })
  t.match(jobOf(payload('edited', [], { changes: { base: { ref: { from: 'next' } } } })), { data: {} })
})

t.test('the rest is ignored, with the reason', async (t) => {
  const reasonOf = (event: Payload, by = rules) => {
    const decision = decide('pull_request', event, 'guid', by)
    return decision.outcome === 'ignored' ? decision.reason : decision
  }
  t.equal(
    reasonOf(payload('labeled', ['automerge', 'bug'], label('bug'))),
    'The label automerge asks for a merge, not this one.',
  )
  t.match(reasonOf(payload('opened', [])), /The label automerge asks for a merge; it came without\.$/)
  t.match(
    reasonOf(payload('edited', ['automerge'], { changes: { title: {} } })),
    /^Its branch was not changed/,
  )
  t.equal(reasonOf(payload('assigned', ['automerge'])), 'Nothing is done on pull_request assigned.')
  const nameless = testRules(config('when: green')).current
  t.equal(
    reasonOf(payload('labeled', ['automerge'], label('automerge')), nameless),
    'No label asks for a merge, not this one.',
  )
  const none = testRules('repositories: { Codertocat/Hello-World: {} }').current
  t.equal(
    reasonOf(payload('labeled', ['automerge'], label('automerge')), none),
    'Nothing is done on pull_request labeled.',
  )
})

t.test('a review that is given or dismissed has it looked at', async (t) => {
  const examples = readExamples().find(({ name }) => name === 'pull_request_review')?.examples ?? []
  const submitted = structuredClone(examples.find(({ action }) => action === 'submitted')) ?? {}
  const { review, pull_request: pull } = submitted
  for (const action of ['submitted', 'dismissed']) {
    t.match(decide('pull_request_review', { ...submitted, action }, 'guid', rules), {
      outcome: 'jobs',
      jobs: [
        {
          name: 'pull-request-changed',
          id: `pull-186853002-${pull.number}-review-${review.id}-${action}`,
          data: { pullRequest: pull.number, labelled: false },
        },
      ],
    })
  }
  t.match(decide('pull_request_review', { ...submitted, action: 'edited' }, 'guid', rules), {
    outcome: 'ignored',
  })
})

t.test('a labelling may be delivered again once its look is done, and is one job until then', async (t) => {
  const receiver = await startReceiver(t, { rules: testRules(config('label: automerge')) })
  const event = signed('pull_request', payload('labeled', ['automerge'], label('automerge')))
  t.match(await receiver.deliver(event), { status: 202 })
  t.match(await receiver.deliver(event), { status: 200, body: { outcome: 'duplicate' } })
  const [id = ''] = await receiver.jobIds()
  await (await receiver.queues.events.getJob(id))?.remove()
  t.match(await receiver.deliver(event), { status: 202 })
})
