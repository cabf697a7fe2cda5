import t from 'tap'
import { confirm, type OperationFacts } from '../../../src/dashboard/operations/confirmation.ts'
import type { DeploymentRecord } from '../../../src/deployments/record.ts'

const running: DeploymentRecord = {
  id: 123,
  repository: { id: 42, owner: 'acme', name: 'shop' },
  environment: 'production',
  ref: 'main',
  sha: 'abc1234'.padEnd(40, '0'),
  task: 'deploy',
  description: 'Mend the cart',
  creator: 'octocat',
  production: true,
  transient: false,
  createdAt: '2026-01-02T03:04:05Z',
  acceptedAt: 1,
  startedAt: 2,
  state: 'in_progress',
  tries: 1,
  delivery: 'd',
}

const waiting: DeploymentRecord = { ...running, state: 'queued' }
delete waiting.startedAt

function facts(record: DeploymentRecord, more: Partial<OperationFacts> = {}): OperationFacts {
  return {
    record,
    repository: 'acme/shop',
    running: undefined,
    next: undefined,
    current: undefined,
    noRetry: undefined,
    noRollback: undefined,
    back: { to: { deployment: 120, sha: 'def5678'.padEnd(40, '0') } },
    promotions: ['eu'],
    held: [],
    approvals: { given: [], required: 1, isAsker: false },
    ...more,
  }
}

t.test('cancel names what is stopped, and what goes on', async (t) => {
  t.strictSame(confirm('cancel', facts(running, { running: 123, next: 124 })).says, [
    '#123 of acme/shop (abc1234, “Mend the cart”) is running on production; it is stopped now and ends as error.',
    'What it has changed by then stays as it is: to undo it, roll back.',
    'production then goes on with #124.',
  ])
  t.match(confirm('cancel', facts(waiting, { running: 122 })).says, [
    'has not begun on production.',
    'It is not deployed: it ends as inactive.',
    '#122 goes on running there.',
  ])
  t.equal(confirm('cancel', facts(waiting)).says.at(-1), 'Nothing else waits for production.')
  const over = confirm('cancel', facts({ ...running, state: 'success' }))
  t.match(over, { says: [], impossible: '#123 has ended as success. There is nothing to cancel.' })
})

t.test('what cannot be done says why', async (t) => {
  t.equal(confirm('retry', facts(running, { noRetry: 'Not so.' })).impossible, 'Not so.')
  t.equal(confirm('rollback', facts(running, { noRollback: 'Not so.' })).impossible, 'Not so.')
  t.match(
    confirm('rollback', facts(running, { back: { why: 'nothing worked' } })).impossible,
    /nothing worked/,
  )
  t.match(confirm('promote', facts(running)).impossible, 'Only what has succeeded is promoted.')
  t.match(confirm('approve', facts(running)).impossible, 'has begun already')
  const mine = { given: [], required: 1, isAsker: true }
  t.match(confirm('approve', facts(waiting, { approvals: mine })).impossible, 'You asked for #123')
  const none = { given: [], required: 0, isAsker: false }
  t.match(confirm('reject', facts(waiting, { approvals: none })).impossible, 'asks for no approvals')
  t.match(confirm('override', facts(running)).impossible, 'does not wait')
})

t.test('rollback and retry name both commits', async (t) => {
  const failed: DeploymentRecord = { ...running, state: 'failure', finishedAt: 3 }
  const back = confirm('rollback', facts(failed, { running: 125 }))
  t.equal(back.button, 'Roll back to def5678')
  t.match(back.says, [
    'def5678 of acme/shop is deployed to production again: the last one that worked before #123 (it was #120).',
    /takes the place/,
    '#125 is running there: it waits for that to end',
  ])
  const current = { ...failed, id: 120, sha: 'def5678'.padEnd(40, '0') }
  t.match(confirm('retry', facts(failed, { current })).says, [
    'abc1234 of acme/shop is deployed to production again, as a new deployment.',
    '#123 has ended as failure.',
    'It takes the place of def5678 (#120)',
    /as soon as the checks/,
  ])
})

t.test('approve counts, override asks for a reason', async (t) => {
  const approvals = { given: ['ada'], required: 3, isAsker: false }
  t.match(confirm('approve', facts(waiting, { approvals })).says, [
    /may be deployed to production/,
    'It has 1 of the 3 approvals that it needs (ada).',
    'With yours, 1 more is missing.',
  ])
  const override = confirm('override', facts(waiting, { held: ['Locked by ada: moving.'] }))
  t.equal(override.reason, 'required')
  t.match(override.says, [/in spite of/, 'Now: Locked by ada: moving.', /Hard locks/])
})
