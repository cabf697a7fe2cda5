import type { DeploymentState } from '../../github/deployments.ts'
import { Icon, type IconName } from './icons.tsx'

const words: Record<DeploymentState, { text: string; icon: IconName }> = {
  pending: { text: 'Pending', icon: 'waiting' },
  queued: { text: 'Waiting', icon: 'waiting' },
  in_progress: { text: 'Running', icon: 'running' },
  success: { text: 'Success', icon: 'success' },
  failure: { text: 'Failed', icon: 'failure' },
  error: { text: 'Error', icon: 'error' },
  inactive: { text: 'Inactive', icon: 'over' },
}

/** What people read for a deployment's state. Pure. */
export function stateText(state: DeploymentState): string {
  return words[state].text
}

/** A deployment's state: a sign, a word, a colour. */
export function State({ state, text }: { state: DeploymentState; text?: string }) {
  return (
    <span class={`state ${state}`}>
      <Icon name={words[state].icon} />
      {text ?? words[state].text}
    </span>
  )
}

/** How something of no deployment stands: `good`, `bad`, `busy`, `wait` or `quiet`. */
export function Badge({
  tone,
  icon,
  children,
}: {
  tone: 'good' | 'bad' | 'busy' | 'wait' | 'quiet'
  icon?: IconName
  children: string
}) {
  return (
    <span class={`badge ${tone}`}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </span>
  )
}
