import type { Notice } from '../../notices/notice.ts'
import { clean } from '../../notices/values.ts'
import { truncate } from '../../text.ts'

/** What a button does to a deployment, as the commands of the same names. */
const deeds = ['approve', 'reject', 'cancel', 'rollback'] as const
type Deed = (typeof deeds)[number]

/** A button was pressed. Its numbers came through Slack: they say what is meant, and prove nothing. */
export interface Press {
  deed: Deed
  deployment: number
  repositoryId: number
}

interface PlainText {
  type: 'plain_text'
  text: string
}

export interface Button {
  type: 'button'
  action_id: string
  text: PlainText
  value: string
  style?: 'primary' | 'danger'
  /** Slack asks before it sends it. */
  confirm?: { title: PlainText; text: PlainText; confirm: PlainText; deny: PlainText; style?: 'danger' }
}

/** @see https://docs.slack.dev/reference/block-kit/blocks/actions-block */
export interface ActionsBlock {
  type: 'actions'
  block_id: string
  elements: Button[]
}

const prefix = 'livraison:'

/**
 * What may be done about a deployment, as buttons below the notice of it: approve and reject while it waits for approvals, cancel
 * until it is over, roll back once it is. Undefined: nothing. Pure.
 */
export function buttonsOf(notice: Notice): ActionsBlock | undefined {
  const { deployment, repository } = notice
  if (deployment === undefined) return undefined
  const offered = deedsFor(notice)
  if (offered.length === 0) return undefined
  const value = `${deployment}:${repository.id}`
  const elements = offered.map((deed) => ({ ...button(deed, notice), value }))
  return { type: 'actions', block_id: `${prefix}${deployment}:${notice.state}`, elements }
}

/** The button of an action, if it is one of ours. Pure. */
export function buttonOf(actionId: string, value: string | undefined): Press | undefined {
  const deed = deeds.find((each) => actionId === `${prefix}${each}`)
  const [, deployment, repositoryId] = /^(\d{1,15}):(\d{1,15})$/.exec(value ?? '') ?? []
  if (deed === undefined || deployment === undefined) return undefined
  return { deed, deployment: Number(deployment), repositoryId: Number(repositoryId) }
}

function deedsFor({ state, description, rollbackOf }: Notice): Deed[] {
  switch (state) {
    case 'pending':
    case 'in_progress':
      return ['cancel']
    case 'queued':
      // The words of waitsForWords in src/approvals/judge.ts.
      return /^Waits for (an approval|\d+ of \d+ approvals) from /.test(description)
        ? ['approve', 'reject', 'cancel']
        : ['cancel']
    case 'success':
    case 'failure':
      return rollbackOf === undefined ? ['rollback'] : []
    default:
      return []
  }
}

const labels = { approve: 'Approve', reject: 'Reject', cancel: 'Cancel', rollback: 'Roll back' } as const

const meanings = {
  reject: 'It ends, and is not deployed.',
  cancel: 'It ends, and if it runs, is stopped where it is.',
  rollback: 'What worked there before is deployed again.',
} as const

function button(deed: Deed, { deployment, environment }: Notice): Omit<Button, 'value'> {
  const label = labels[deed]
  const it: Omit<Button, 'value'> = { type: 'button', action_id: `${prefix}${deed}`, text: plain(label) }
  if (deed === 'approve') return { ...it, style: 'primary' }
  return {
    ...it,
    ...(deed === 'reject' ? { style: 'danger' as const } : {}),
    confirm: {
      title: plain(`${label} #${deployment}?`),
      text: plain(`#${deployment} to ${truncate(clean(environment), 100)}. ${meanings[deed]}`),
      confirm: plain(label),
      deny: plain('Leave it'),
      style: 'danger',
    },
  }
}

function plain(text: string): PlainText {
  return { type: 'plain_text', text }
}
