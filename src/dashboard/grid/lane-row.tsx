import type { DeploymentRecord } from '../../deployments/record.ts'
import type { LaneView } from '../../overview/overview.ts'
import { Icon, type IconName } from '../components/icons.tsx'
import { DeploymentLink, repositoryPath, Sha, whyPath } from '../components/links.tsx'
import { Running } from '../components/running.tsx'
import { Badge, State } from '../components/state.tsx'
import { Time } from '../components/time.tsx'

/** A lane with how long a deployment there usually takes. */
export interface Row extends LaneView {
  usualMs?: number | undefined
}

export const headings = ['Environment', 'Deployed', 'By', 'Since', 'Behind', 'Now'] as const

/** One environment: what is there, since when, what it lacks, and what goes on. */
export function LaneRow({ lane }: { lane: Row }) {
  const { repository, environment, current } = lane
  return (
    <tr id={`lane-${lane.repositoryId}-${environment}`}>
      <th scope="row" data-label="Environment">
        <span class="environment">
          <Health health={lane.health} />
          <a href={`${repositoryPath(repository)}?${new URLSearchParams({ environment })}`}>{environment}</a>
        </span>
      </th>
      <td data-label="Deployed">
        {current ? <Deployed repository={repository} record={current} /> : <None />}
      </td>
      <td data-label="By" title={current && byWhom(current)}>
        {current ? byWhom(current) : null}
      </td>
      <td data-label="Since">{current ? <Time at={current.finishedAt} /> : null}</td>
      <td data-label="Behind">{current ? <Behind lane={lane} /> : null}</td>
      <td data-label="Now" class="now">
        <Now lane={lane} />
      </td>
    </tr>
  )
}

const healths: Record<LaneView['health'], { icon: IconName; text: string }> = {
  verified: { icon: 'success', text: 'Verified: it works' },
  deployed: { icon: 'success', text: 'Deployed' },
  failing: { icon: 'failure', text: 'The last deployment failed' },
  nothing: { icon: 'over', text: 'Nothing is deployed' },
}

/** How an environment is, as a sign. */
export function Health({ health }: { health: LaneView['health'] }) {
  const { icon, text } = healths[health]
  return (
    <span class={`health ${health}`} title={text}>
      <Icon name={icon} />
      <span class="unseen">{text}: </span>
    </span>
  )
}

function Deployed({ repository, record }: { repository: string; record: DeploymentRecord }) {
  return (
    <span class="deployed">
      <Sha repository={repository} sha={record.sha} />
      <span class="what">
        <DeploymentLink repository={repository} id={record.id} text={titleOf(record)} />
      </span>
    </span>
  )
}

function None() {
  return <span class="quiet">Nothing yet</span>
}

function Behind({ lane: { behind, behindUnknown } }: { lane: LaneView }) {
  if (behind === undefined) {
    return (
      <span class="quiet unknown" title={behindUnknown ?? 'GitHub has not said yet.'}>
        –
      </span>
    )
  }
  if (behind === 0) return <span class="quiet">Up to date</span>
  return <>{`${behind} ${behind === 1 ? 'commit' : 'commits'}`}</>
}

function Now({ lane }: { lane: Row }) {
  const { repository, environment, running, waiting, waitsFor, locks, freezes, usualMs, failed } = lane
  const [first] = waiting
  return (
    <>
      {running ? <Running repository={repository} record={running} usualMs={usualMs} /> : null}
      {first ? (
        <div class="waits">
          <State state="queued" text={waiting.length === 1 ? 'Waiting' : `${waiting.length} waiting`} />{' '}
          <DeploymentLink repository={repository} id={first.id} text={titleOf(first)} />
          <span class="reason">
            {waitsFor ?? 'It has not been looked at yet.'} <a href={whyPath(repository, environment)}>Why</a>
          </span>
        </div>
      ) : null}
      {failed && !running ? (
        <div class="waits">
          <State state={failed.state} />{' '}
          <DeploymentLink repository={repository} id={failed.id} text={titleOf(failed)} />
        </div>
      ) : null}
      {locks.map((lock) => (
        <div class="waits">
          <Badge tone="wait" icon="lock">
            {`Locked by ${lock.owner}`}
          </Badge>{' '}
          <span class="reason">{lock.reason}</span>
        </div>
      ))}
      {freezes.map((freeze) => (
        <div class="waits">
          <Badge tone="busy" icon="freeze">
            Frozen
          </Badge>{' '}
          <span class="reason">
            {freeze.reason}, until <Time at={freeze.until} />
          </span>
        </div>
      ))}
    </>
  )
}

/** What people call a deployment by: its description, its branch or tag. Pure. */
export function titleOf({ description, tag, branch, ref, id }: DeploymentRecord): string {
  return description || tag || branch || ref || `Deployment ${id}`
}

/** Who wanted it. Pure. */
export function byWhom({ deployUser, creator }: DeploymentRecord): string {
  return deployUser ?? creator
}
