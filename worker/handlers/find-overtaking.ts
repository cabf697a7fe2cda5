import { readDeploymentPayload } from '../../src/deployments/payload.ts'
import { headOf } from '../../src/github/branches.ts'
import type { GitHub } from '../../src/github/client.ts'
import { isPartOf, listDeploymentsTo } from '../../src/github/recent.ts'
import type { StartDeployment } from '../../src/jobs/job.ts'

/**
 * Why a push, a tag or a promotion is not deployed any more: what came after it has been, while its own event was lost or late.
 * To deploy it now would take the environment back in time. Undefined if it is to be deployed.
 */
export async function findOvertaking(github: GitHub, job: StartDeployment): Promise<string | undefined> {
  const { repository, environment, sha, pushedTo, promotedFrom, tag } = job
  if (promotedFrom !== undefined) {
    const deployments = await listDeploymentsTo(github, repository, environment)
    const newer = deployments.find(
      ({ payload }) => (readDeploymentPayload(payload).promotedFrom ?? 0) > promotedFrom,
    )
    return newer && `#${newer.id} was made since, of a newer deployment`
  }
  if (tag !== undefined) return findSinceTag(github, job)
  if (pushedTo === undefined || (await headOf(github, repository, pushedTo)) === sha) return undefined
  const deployments = await listDeploymentsTo(github, repository, environment)
  const newest = deployments.find(({ payload }) => readDeploymentPayload(payload).rollbackOf === undefined)
  if (newest === undefined || newest.sha === sha) return undefined
  if (!(await isPartOf(github, repository, sha, newest.sha))) return undefined
  return `#${newest.id}, which holds it, was made since`
}

/** Somebody may tag an older commit to go back to it: only what was made after the tag was pushed counts. */
async function findSinceTag(
  github: GitHub,
  { repository, environment, sha, pushedAt }: StartDeployment,
): Promise<string | undefined> {
  if (pushedAt === undefined) return undefined
  const [newest] = await listDeploymentsTo(github, repository, environment)
  if (newest === undefined || newest.sha === sha || !(Date.parse(newest.created_at) > pushedAt))
    return undefined
  if (!(await isPartOf(github, repository, sha, newest.sha))) return undefined
  return `#${newest.id}, which holds it, was made after the tag was pushed`
}
