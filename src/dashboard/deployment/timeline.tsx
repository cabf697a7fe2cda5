import type { TimelineEntry } from '../../api/schema/deployment.ts'
import type { DeploymentState } from '../../github/deployments.ts'
import { Icon, type IconName } from '../components/icons.tsx'
import { Section } from '../components/page.tsx'
import { Time } from '../components/time.tsx'

/** What happened to a deployment, with the state it had from then on. */
export interface Step extends TimelineEntry {
  state?: DeploymentState | undefined
}

const icons: Record<DeploymentState, IconName> = {
  pending: 'waiting',
  queued: 'waiting',
  in_progress: 'running',
  success: 'success',
  failure: 'failure',
  error: 'error',
  inactive: 'over',
}

/** A deployment's life so far, oldest first. */
export function Timeline({ steps }: { steps: Step[] }) {
  return (
    <Section id="timeline" title="Timeline">
      <ol class="timeline">
        {steps.map(({ at, text, state }) => (
          <li class={state ?? 'created'}>
            <Icon name={state ? icons[state] : 'over'} />
            <div>
              <p>{text}</p>
              <p class="quiet">
                <Time at={at} />
              </p>
            </div>
          </li>
        ))}
      </ol>
    </Section>
  )
}
