// Reports of CI: each asks for one job, which wakes what waits for the commit.
import t from 'tap'
import { rulesWithoutFile } from '../../../src/config/without-file.ts'
import { decide } from '../../../src/events/decide.ts'
import type { CiFinished } from '../../../src/jobs/job.ts'
import { type Payload, readExamples, signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'

const rules = rulesWithoutFile(0)
const examples = readExamples()
function example(event: string, action?: string): Payload {
  const found = examples.find(({ name }) => name === event)?.examples.find((each) => each.action === action)
  return structuredClone(found ?? {})
}

function jobOf(event: string, payload: Payload): { id: string; data: CiFinished } {
  const decision = decide(event, payload, 'guid', rules)
  if (decision.outcome !== 'jobs') throw new Error(`it asks for nothing: ${JSON.stringify(decision)}`)
  return decision.jobs[0] as { id: string; data: CiFinished }
}

const repository = { id: 186853002, owner: 'Codertocat', name: 'Hello-World' }

t.test('each kind of report names its commit', async (t) => {
  t.strictSame(decide('status', example('status'), 'guid', rules), {
    outcome: 'jobs',
    jobs: [
      {
        name: 'ci-finished',
        id: 'ci-status-6805126730',
        data: {
          repository,
          sha: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
          report: 'status default: success',
          delivery: 'guid',
        },
      },
    ],
  })
  t.match(jobOf('check_run', example('check_run', 'completed')), {
    id: 'ci-check-run-128620228-2019-05-15T152112Z-failure',
    data: { sha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821', report: 'check run Octocoders-linter: failure' },
  })
  t.match(jobOf('check_suite', example('check_suite', 'completed')), {
    id: 'ci-check-suite-118578147-2019-05-15T152114Z-success',
    data: { sha: 'ec26c3e57ca3a959ca5aad62de7213c562f8c821' },
  })
  t.match(jobOf('workflow_run', example('workflow_run', 'completed')), {
    id: /^ci-workflow-run-1589141559-2021-12-16T193722Z-/,
    data: { sha: '5779607b49aab1200488439f02372c57b4f75444' },
  })
})

t.test('what is still under way asks for nothing', async (t) => {
  const pending = example('status')
  pending.state = 'pending'
  t.match(decide('status', pending, 'guid', rules), { outcome: 'ignored', reason: /is pending/ })
  for (const event of ['check_run', 'check_suite', 'workflow_run']) {
    for (const action of ['created', 'requested', 'rerequested', 'in_progress']) {
      t.match(decide(event, { action }, 'guid', rules), {
        outcome: 'ignored',
        reason: `Nothing is done on ${event} ${action}.`,
      })
    }
  }
})

t.test(
  'the same check that completes again is another report; the same report is the same job',
  async (t) => {
    const receiver = await startReceiver(t)
    const payload = example('check_run', 'completed')
    const deliver = async () => (await receiver.deliver(signed('check_run', payload))).body.outcome
    t.equal(await deliver(), 'queued')
    t.equal(await deliver(), 'duplicate')
    payload.check_run.conclusion = 'success'
    t.equal(await deliver(), 'queued', 'within the same second')
    payload.check_run.completed_at = '2019-05-15T15:21:13Z'
    t.equal(await deliver(), 'queued')
    t.equal(await deliver(), 'duplicate')
  },
)

t.test('whatever the words are in it, the id is one that the queue takes', async (t) => {
  const receiver = await startReceiver(t)
  const payload = example('check_run', 'completed')
  payload.check_run.conclusion = 'a:b c/'.repeat(50)
  payload.check_run.completed_at = null
  t.match(await receiver.deliver(signed('check_run', payload)), { status: 202 })
  const { id } = jobOf('check_run', payload)
  t.match(id, /^ci-check-run-128620228--(abc)+a?b?$/)
  t.ok(id.length < 80)
})
