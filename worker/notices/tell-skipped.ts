import { findEnvironment } from '../../src/config/find-environment.ts'
import { fullName, type StartDeployment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'
import { pagesOf } from './pages.ts'
import { isPerson } from './who-asked.ts'

/** Tells people that no deployment is made of a merge, a push, a tag, a promotion, or of what somebody has long waited for. */
export async function tellSkipped(
  job: StartDeployment,
  jobId: string,
  reason: string,
  tools: Tools,
): Promise<void> {
  const { repository, environment, sha, pullRequest, rollbackOf, description } = job
  if (tools.notices.channels.of(repository, environment, 'skipped').length === 0) return
  const request = job.request === undefined ? undefined : await tools.requests.read(job.request)
  const ofRepository = tools.rules.current.of(fullName(repository))
  const environmentUrl = ofRepository && findEnvironment(ofRepository, environment)?.url
  await tools.notices.channels.tell({
    id: `skipped-${jobId}`,
    ...{ state: 'skipped', repository, environment, sha },
    at: Date.now(),
    ref: job.branch ?? job.tag ?? job.pushedTo ?? sha,
    task: 'deploy',
    by: request?.by ?? job.deployUser,
    byPerson: request === undefined || isPerson(request),
    what: description,
    description: reason,
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(rollbackOf === undefined ? {} : { rollbackOf }),
    urls: pagesOf(tools.notices.pages, { repository, environment, sha, pullRequest, environmentUrl }),
  })
}
