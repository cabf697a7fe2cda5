import type { Role } from '../../access/role.ts'
import type { DeploymentRecord } from '../../deployments/record.ts'
import { isFinal } from '../../deployments/record.ts'
import { ButtonLink } from '../components/form.tsx'
import { deploymentPath } from '../components/links.tsx'
import { useMay } from '../shell.ts'

/** What can be done about a deployment, and the role that it needs. */
export interface Action {
  path: 'approve' | 'reject' | 'override' | 'cancel' | 'retry' | 'rollback' | 'promote'
  text: string
  role: Role
  kind?: 'main' | 'danger'
}

/** The holds that an override passes. */
const passable = ['lock', 'freeze', 'window']

/**
 * What can be done about a deployment as it stands. `holds` are the kinds of what holds it back, `next` the environment that
 * comes after its own. Pure.
 */
export function actionsFor(
  { state, workflowRun }: Pick<DeploymentRecord, 'state'> & { workflowRun?: number | null },
  holds: readonly string[],
  next: string | undefined,
): Action[] {
  // What GitHub Actions runs, or ran, is cancelled and repeated there.
  if (typeof workflowRun === 'number' && (isFinal(state) || state === 'in_progress')) return []
  if (!isFinal(state)) {
    return [
      ...(holds.includes('approvals') ? approvals : []),
      ...(holds.some((hold) => passable.includes(hold)) ? [override] : []),
      { path: 'cancel', text: 'Cancel', role: 'deployer', kind: 'danger' },
    ]
  }
  const rollback: Action = { path: 'rollback', text: 'Roll back', role: 'deployer' }
  const retry: Action = { path: 'retry', text: 'Retry', role: 'deployer' }
  if (state !== 'success') return state === 'failure' ? [retry, rollback] : [retry]
  const promote: Action[] =
    next === undefined
      ? []
      : [{ path: 'promote', text: `Promote to ${next}`, role: 'deployer', kind: 'main' }]
  return [rollback, ...promote]
}

const approvals: Action[] = [
  { path: 'approve', text: 'Approve', role: 'approver', kind: 'main' },
  { path: 'reject', text: 'Reject', role: 'approver', kind: 'danger' },
]
const override: Action = { path: 'override', text: 'Let it through', role: 'approver' }

export function Actions({ repository, id, actions }: { repository: string; id: number; actions: Action[] }) {
  return (
    <>
      {actions.map((action) => (
        <ActionLink address={`${deploymentPath(repository, id)}/${action.path}`} action={action} />
      ))}
    </>
  )
}

function ActionLink({ address, action: { text, role, kind } }: { address: string; action: Action }) {
  if (!useMay(role)) return null
  return (
    <ButtonLink href={address} {...(kind ? { kind } : {})}>
      {text}
    </ButtonLink>
  )
}
