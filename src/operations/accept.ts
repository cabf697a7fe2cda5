import type { RecordedStatus, Records } from '../deployments/record.ts'
import type { ProcessDeployment } from '../jobs/job.ts'
import type { Requests } from './requests.ts'

/**
 * Writes a deployment down, unless it is known. A request that its payload names is kept only if it was made for it.
 * Gives the deployment as it may be believed, and its statuses.
 */
export async function acceptDeployment(
  job: ProcessDeployment,
  { records, requests }: { records: Pick<Records, 'accept'>; requests: Pick<Requests, 'believed'> },
): Promise<{ job: ProcessDeployment; statuses: RecordedStatus[] }> {
  const believed = await believe(job, requests)
  return { job: believed, statuses: await records.accept(believed) }
}

async function believe(
  job: ProcessDeployment,
  requests: Pick<Requests, 'believed'>,
): Promise<ProcessDeployment> {
  const { request, ...deployment } = job.deployment
  if (request === undefined) return job
  const isIts = await requests.believed({ ...job.deployment, repository: job.repository })
  return isIts ? job : { ...job, deployment }
}
