import { fullName, type JobRequest } from '../src/jobs/job.ts'

/** What each line of the log, and the span, of a job say that it is about; what does not apply is left out. */
export interface AboutJob {
  job: string
  jobName: string
  delivery?: string
  repository?: string
  deployment?: number
  pullRequest?: number
}

/** What a job is about. Pure. Jobs of older versions may lack anything. */
export function aboutJob(id: string, name: string, data: JobRequest['data']): AboutJob {
  const { delivery } = data
  const repository = 'repository' in data ? data.repository : undefined
  const pull = 'pullRequest' in data ? data.pullRequest : undefined
  const pullRequest = typeof pull === 'object' ? pull.number : pull
  return {
    job: id,
    jobName: name,
    ...(delivery === undefined ? {} : { delivery }),
    ...(repository === undefined ? {} : { repository: fullName(repository) }),
    ...('deployment' in data ? { deployment: data.deployment.id } : {}),
    ...(pullRequest === undefined ? {} : { pullRequest }),
  }
}
