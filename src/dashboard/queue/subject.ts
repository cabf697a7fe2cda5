import { fullName, type Jobs } from '../../jobs/job.ts'

/** The parts of the jobs' data that say what they are about; each kind of job has some of them. */
type About = Partial<
  Pick<Jobs['process-deployment'], 'repository' | 'deployment'> &
    Pick<Jobs['start-deployment'], 'environment' | 'sha' | 'tag'> &
    Pick<Jobs['run-check'], 'check'> & { pullRequest: number | { number: number } }
>

/** What a job is about, in words, and the page about that if there is one. Pure. */
export function subjectOf(about: About): { subject: string; href?: string } {
  const repository = about.repository ? fullName(about.repository) : 'no repository'
  if (about.deployment) {
    const { id, environment } = about.deployment
    const where = environment === undefined ? '' : ` (${environment})`
    return { subject: `#${id} of ${repository}${where}`, href: `/deployments/${repository}/${id}` }
  }
  const of = `${what(about)} of ${repository}`
  return { subject: about.environment === undefined ? of : `${of} to ${about.environment}` }
}

function what({ pullRequest, tag, sha, check }: About): string {
  if (pullRequest !== undefined) {
    return `pull request #${typeof pullRequest === 'number' ? pullRequest : pullRequest.number}`
  }
  if (check !== undefined) return `check ${check}`
  return tag === undefined ? (sha?.slice(0, 7) ?? 'something') : `tag ${tag}`
}
