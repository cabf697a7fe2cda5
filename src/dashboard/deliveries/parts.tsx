import type { AskedJob, Outcome as OutcomeName } from '../../deliveries/arrival.ts'
import { deploymentPath } from '../components/links.tsx'
import { Badge } from '../components/state.tsx'

const tones = {
  queued: 'good',
  duplicate: 'quiet',
  ignored: 'quiet',
  pong: 'good',
  refused: 'bad',
  unavailable: 'bad',
} as const satisfies Record<OutcomeName, string>

export function Outcome({ outcome }: { outcome: OutcomeName }) {
  return <Badge tone={tones[outcome]}>{outcome === 'unavailable' ? 'not taken' : outcome}</Badge>
}

/** A delivery's page; one that came without a GUID has none. */
export function DeliveryLink({ guid, text }: { guid: string; text: string }) {
  return guid === '' ? <span>{text}</span> : <a href={deliveryPath(guid)}>{text}</a>
}

export function deliveryPath(guid: string): string {
  return `/deliveries/${encodeURIComponent(guid)}`
}

/** The jobs that a delivery asked for; one that runs a deployment leads to its page. */
export function JobLinks({ jobs, repository }: { jobs: AskedJob[]; repository: string | undefined }) {
  if (jobs.length === 0) return null
  return (
    <ul class="jobs">
      {jobs.map((job) => (
        <li>
          <JobLink job={job} repository={repository} />
        </li>
      ))}
    </ul>
  )
}

function JobLink({ job, repository }: { job: AskedJob; repository: string | undefined }) {
  const deployment = deploymentOf(job)
  const text = deployment === undefined ? job.name : `Deployment ${deployment}`
  return (
    <>
      {deployment === undefined || repository === undefined ? (
        text
      ) : (
        <a href={deploymentPath(repository, deployment)}>{text}</a>
      )}{' '}
      <span class="mono quiet">{job.id}</span>
    </>
  )
}

/** The deployment that a job is to run; its id is made of the deployment's. Pure. */
export function deploymentOf({ name, id }: AskedJob): number | undefined {
  const [, number] = /^deployment-(\d+)$/.exec(id) ?? []
  return name.endsWith('-deployment') && number !== undefined ? Number(number) : undefined
}
