import t from 'tap'
import { actionsFor } from '../../../src/dashboard/deployment/actions.tsx'
import { recordOf } from './records.ts'

t.test('what can be done about a deployment depends on how it stands', async (t) => {
  const paths = (state: Parameters<typeof recordOf>[1], holds: string[] = [], next?: string) =>
    actionsFor(recordOf(7, state), holds, next).map(({ path }) => path)
  t.strictSame(paths({ state: 'in_progress' }), ['cancel'])
  t.strictSame(paths({ state: 'queued' }, ['approvals']), ['approve', 'reject', 'cancel'])
  t.strictSame(paths({ state: 'queued' }, ['freeze', 'wait']), ['override', 'cancel'])
  t.strictSame(paths({ state: 'failure' }), ['retry', 'rollback'])
  t.strictSame(paths({ state: 'error' }), ['retry'])
  t.strictSame(paths({ state: 'inactive' }), ['retry'])
  t.strictSame(paths({ state: 'success' }), ['rollback'])
  t.strictSame(paths({ state: 'success' }, [], 'production'), ['rollback', 'promote'])
})
