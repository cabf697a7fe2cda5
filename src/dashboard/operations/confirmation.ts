import { listWords } from '../../api/why/words.ts'
import type { DeploymentRecord } from '../../deployments/deployment-record.ts'
import { isFinal } from '../../deployments/record.ts'
import type { RollbackChoice } from '../../deployments/rollback.ts'

/** What can be done to one deployment; each is a page and a button. */
export const deploymentOperations = [
  'cancel',
  'retry',
  'rollback',
  'promote',
  'approve',
  'reject',
  'override',
] as const
export type DeploymentOperation = (typeof deploymentOperations)[number]

/** All that a confirmation names. */
export interface OperationFacts {
  record: DeploymentRecord
  /** `owner/name`, as it is now. */
  repository: string
  /** The deployment that runs in its environment, and the one that would go on there after it. */
  running: number | undefined
  next: number | undefined
  /** What is deployed there now: the last success. */
  current: DeploymentRecord | undefined
  /** Why it cannot be retried, or rolled back. */
  noRetry: string | undefined
  noRollback: string | undefined
  back: RollbackChoice
  /** The environments that the commit can be promoted to; the first is the one that comes after. */
  promotions: readonly string[]
  /** What holds it back, in sentences. */
  held: readonly string[]
  /** Whose approvals count now; whether the reader is one who asked for the deployment, and so has no say. */
  approvals: { given: readonly string[]; required: number; isAsker: boolean }
}

/** A page that says what will happen, and asks. */
export interface Confirmation {
  title: string
  /** What will happen, one sentence each. */
  says: string[]
  button: string
  reason: 'required' | 'optional' | 'none'
  /** What the reason is for. */
  reasonHint?: string
  /** Why it cannot be done now; there is no button then. */
  impossible?: string
}

/** What an operation on a deployment would do now, in words. Pure. */
export function confirm(operation: DeploymentOperation, facts: OperationFacts): Confirmation {
  return confirmations[operation](facts)
}

const confirmations: Record<DeploymentOperation, (facts: OperationFacts) => Confirmation> = {
  cancel: (facts) => {
    const { record } = facts
    const form: Omit<Confirmation, 'says'> = {
      title: `Cancel #${record.id}?`,
      button: `Cancel #${record.id}`,
      reason: 'optional',
      reasonHint: 'Shown on GitHub and in the audit trail.',
    }
    if (isFinal(record.state)) {
      return { ...form, says: [], impossible: `${endedWords(facts)} There is nothing to cancel.` }
    }
    if (record.startedAt === undefined) {
      return {
        ...form,
        says: [
          `${which(facts)} has not begun on ${record.environment}.`,
          'It is not deployed: it ends as inactive.',
          afterwards(facts),
        ],
      }
    }
    return {
      ...form,
      says: [
        `${which(facts)} is running on ${record.environment}; it is stopped now and ends as error.`,
        `What it has changed by then stays as it is: to undo it, roll back.`,
        afterwards(facts),
      ],
    }
  },

  retry: (facts) => {
    const { record } = facts
    const form = { title: `Deploy #${record.id} again?`, button: 'Deploy again', reason: 'optional' as const }
    if (facts.noRetry !== undefined) return { ...form, says: [], impossible: facts.noRetry }
    return {
      ...form,
      says: [
        `${shortSha(record)} of ${facts.repository} is deployed to ${record.environment} again, as a new deployment.`,
        `${endedWords(facts)} That stays in the record.`,
        ...currentWords(facts),
        queueWords(facts),
      ],
    }
  },

  rollback: (facts) => {
    const { record, back } = facts
    const { environment } = record
    const form = { title: `Roll ${environment} back?`, button: 'Roll back', reason: 'optional' as const }
    if (facts.noRollback !== undefined) return { ...form, says: [], impossible: facts.noRollback }
    if (!('to' in back)) {
      return { ...form, says: [], impossible: `${environment} cannot be rolled back: ${back.why}.` }
    }
    const { deployment, sha } = back.to
    return {
      ...form,
      button: `Roll back to ${sha.slice(0, 7)}`,
      says: [
        `${sha.slice(0, 7)} of ${facts.repository} is deployed to ${environment} again: the last one that worked before #${record.id} (it was #${deployment}).`,
        'It is a new deployment, which takes the place of what is there now.',
        queueWords(facts),
      ],
    }
  },

  promote: (facts) => {
    const { record, promotions } = facts
    const form = { title: `Promote #${record.id}?`, button: 'Promote', reason: 'optional' as const }
    if (record.state !== 'success') {
      return { ...form, says: [], impossible: `Only what has succeeded is promoted. ${endedWords(facts)}` }
    }
    if (promotions.length === 0) {
      return { ...form, says: [], impossible: `${facts.repository} has no other environment.` }
    }
    return {
      ...form,
      says: [
        `The commit of ${which(facts)}, which has succeeded on ${record.environment}, is deployed to the environment chosen below, as a new deployment.`,
        'What holds deployments back there - locks, approvals, windows - holds for it too.',
      ],
    }
  },

  approve: (facts) => {
    const { record, approvals } = facts
    const { id, environment } = record
    const form = { title: `Approve #${id}?`, button: `Approve #${id}`, reason: 'optional' as const }
    const impossible = notWaiting(facts)
    if (impossible !== undefined) return { ...form, says: [], impossible }
    const missing = Math.max(0, approvals.required - approvals.given.length)
    return {
      ...form,
      reasonHint: 'What you looked at: it is kept with the approval.',
      says: [
        `You say that ${which(facts)} may be deployed to ${environment}.`,
        `It has ${approvals.given.length} of the ${approvals.required} ${approvals.required === 1 ? 'approval' : 'approvals'} that it needs${
          approvals.given.length === 0 ? '' : ` (${listWords(approvals.given)})`
        }.`,
        missing <= 1
          ? 'With yours, nothing more is missing: it begins when nothing else holds it back.'
          : `With yours, ${missing - 1} more ${missing === 2 ? 'is' : 'are'} missing.`,
      ],
    }
  },

  reject: (facts) => {
    const { id, environment } = facts.record
    const form = {
      title: `Reject #${id}?`,
      button: `Reject #${id}`,
      reason: 'optional' as const,
      reasonHint: 'Whoever asked for it is told.',
    }
    const impossible = notWaiting(facts)
    if (impossible !== undefined) return { ...form, says: [], impossible }
    return {
      ...form,
      says: [
        `${which(facts)} is not deployed to ${environment}: one rejection is enough, whoever approved. It ends as inactive.`,
        afterwards(facts),
      ],
    }
  },

  override: (facts) => {
    const { record, held } = facts
    const form = {
      title: `Let #${record.id} through?`,
      button: `Let #${record.id} through`,
      reason: 'required' as const,
      reasonHint: 'Why it cannot wait. It is announced, and kept in the audit trail.',
    }
    if (isFinal(record.state) || record.startedAt !== undefined) {
      return { ...form, says: [], impossible: `#${record.id} does not wait: it has begun, or is over.` }
    }
    return {
      ...form,
      says: [
        `${which(facts)} is deployed to ${record.environment} in spite of soft locks, windows and freezes.`,
        ...(held.length === 0 ? ['Nothing is known to hold it back now.'] : [`Now: ${held.join(' ')}`]),
        'Hard locks and approvals that are missing hold it back still.',
      ],
    }
  },
}

/** `#123 of acme/shop (abc1234, “Mend the cart”)`. */
function which({ record, repository }: OperationFacts): string {
  const words = record.description === '' ? '' : `, “${record.description}”`
  return `#${record.id} of ${repository} (${shortSha(record)}${words})`
}

function shortSha({ sha }: DeploymentRecord): string {
  return sha.slice(0, 7)
}

function endedWords({ record }: OperationFacts): string {
  if (isFinal(record.state)) return `#${record.id} has ended as ${record.state}.`
  return `#${record.id} is ${record.startedAt === undefined ? 'waiting' : 'running'}.`
}

/** Who goes on in the environment. */
function afterwards({ record, running, next }: OperationFacts): string {
  if (running !== undefined && running !== record.id) return `#${running} goes on running there.`
  if (next !== undefined) return `${record.environment} then goes on with #${next}.`
  return `Nothing else waits for ${record.environment}.`
}

function queueWords({ running }: OperationFacts): string {
  return running === undefined
    ? 'It begins as soon as the checks of its commit are green.'
    : `#${running} is running there: it waits for that to end, and for the checks of its commit.`
}

function currentWords({ record, current }: OperationFacts): string[] {
  if (!current || current.sha === record.sha) return []
  return [`It takes the place of ${shortSha(current)} (#${current.id}), which is deployed there now.`]
}

function notWaiting({ record, approvals }: OperationFacts): string | undefined {
  if (isFinal(record.state)) return `#${record.id} has ended as ${record.state}: there is nothing to decide.`
  if (record.startedAt !== undefined) return `#${record.id} has begun already.`
  if (approvals.required === 0) return `${record.environment} asks for no approvals.`
  return approvals.isAsker
    ? `You asked for #${record.id}: somebody else must decide. You may cancel it.`
    : undefined
}
