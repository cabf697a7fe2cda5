import type { LastDeployed } from '../../src/deployments/last-deployed.ts'
import { readChanges } from '../../src/github/changes.ts'
import { fullName, type StartDeployment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import { touches } from './touches.ts'

/**
 * Why something is not deployed that changes nothing under the environment's `paths`. It is compared with what the
 * environment has, so that what was left out before, or failed, counts as well. What cannot be compared is deployed: better
 * once too often. Undefined if it is to be deployed.
 */
export async function findUntouched(
  job: StartDeployment,
  paths: readonly string[],
  { github, lastDeployed, log }: Tools,
): Promise<string | undefined> {
  if (paths.length === 0) return undefined
  const { repository, environment, sha, delivery } = job
  const since = sinceWhat(job, await lastDeployed(repository, environment))
  const changes = 'sha' in since ? await readChanges(github, repository, since.sha, sha) : since
  if ('unknown' in changes) {
    const about = { repository: fullName(repository), environment, sha, delivery, reason: changes.unknown }
    log.info(about, 'it is not known what has changed: it is deployed whatever its paths say')
    return undefined
  }
  if (touches(paths, changes.files)) return undefined
  const count = changes.files.length
  const from = 'sha' in since ? since.sha.slice(0, 7) : ''
  if (count === 0) return `nothing has changed since ${from}`
  const which = count === 1 ? 'the one file' : `none of the ${count} files`
  return `${which} changed since ${from} is${count === 1 ? ' not' : ''} under the environment's paths`
}

/** The commit that a job's is compared with. Without a last success, what was merged or pushed itself counts. Pure. */
export function sinceWhat(
  { before }: StartDeployment,
  last: LastDeployed,
): { sha: string } | { unknown: string } {
  if (last.known === 'sha') return { sha: last.sha }
  if (last.known === 'unsure') return { unknown: `#${last.id} was begun there last, and has not succeeded` }
  return before === undefined ? { unknown: 'nothing was deployed there before' } : { sha: before }
}
