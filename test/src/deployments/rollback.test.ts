import t from 'tap'
import type { DeploymentRecord } from '../../../src/deployments/record.ts'
import { chooseRollback, isOurRollback, type Past } from '../../../src/deployments/rollback.ts'

/** A deployment of a commit that is over; it ended when its id says. */
const past = (id: number, sha: string, state: Past['state'], more: Partial<Past> = {}): Past => ({
  id,
  sha,
  state,
  finishedAt: id * 1000,
  ...more,
})

const from = { id: 9, sha: 'bad' }

t.test('what is rolled back to is the last commit that succeeded and has not failed since', async (t) => {
  const rows: [what: string, past: Past[], to: number | RegExp][] = [
    ['the last success', [past(1, 'a', 'success'), past(2, 'b', 'success')], 2],
    ['in whatever order they come', [past(2, 'b', 'success'), past(1, 'a', 'success')], 2],
    ['not a failure', [past(1, 'a', 'success'), past(2, 'b', 'failure')], 1],
    ['not the failed commit', [past(1, 'a', 'success'), past(2, 'bad', 'success')], 1],
    [
      'not what has failed since',
      [past(1, 'a', 'success'), past(2, 'b', 'success'), past(3, 'b', 'failure')],
      1,
    ],
    [
      'but what has succeeded since',
      [past(1, 'a', 'success'), past(2, 'b', 'failure'), past(3, 'b', 'success')],
      3,
    ],
    ['not what was rolled back', [past(1, 'a', 'success'), past(2, 'b', 'success', { rolledBackBy: 3 })], 1],
    [
      'not what is being rolled back',
      [past(1, 'a', 'success'), past(2, 'b', 'success', { rollbackTo: 'a' })],
      1,
    ],
    [
      'by the end, not by the number',
      [past(1, 'a', 'success', { finishedAt: 5000 }), past(2, 'b', 'success')],
      1,
    ],
    ['nothing', [], /no other commit has succeeded here/],
    ['only itself', [past(1, 'bad', 'success'), past(9, 'bad', 'failure')], /no other commit/],
  ]
  for (const [what, list, to] of rows) {
    const choice = chooseRollback({ from, past: list, newer: undefined })
    if (typeof to === 'number') t.match(choice, { to: { deployment: to } }, what)
    else t.match(choice, { why: to }, what)
  }
})

t.test('a rollback is not rolled back, and neither is what something newer replaces', async (t) => {
  const list = [past(1, 'a', 'success')]
  t.same(chooseRollback({ from: { ...from, rollbackOf: 8 }, past: list, newer: undefined }), {
    why: 'it is a rollback itself',
  })
  t.same(chooseRollback({ from, past: list, newer: 10 }), { why: '#10 is newer and comes next' })
})

t.test('that a deployment says it is a rollback is not enough', async (t) => {
  const repository = { id: 42, owner: 'acme', name: 'shop' }
  const record = {
    id: 10,
    repository,
    environment: 'production',
    sha: 'a',
    rollbackOf: 9,
  } as DeploymentRecord
  const failed = {
    id: 9,
    repository,
    environment: 'production',
    sha: 'bad',
    rollbackTo: 'a',
  } as DeploymentRecord
  t.ok(isOurRollback(record, failed))
  t.notOk(isOurRollback(record, undefined))
  t.notOk(isOurRollback({ ...record, sha: 'evil' }, failed))
  t.notOk(isOurRollback(record, { ...failed, environment: 'staging' }))
  t.notOk(isOurRollback(record, { ...failed, repository: { ...repository, id: 1 } }))
  const { rollbackTo: _, ...healthy } = failed
  t.notOk(isOurRollback(record, healthy))
})
