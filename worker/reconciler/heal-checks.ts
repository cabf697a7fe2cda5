import type { Checks } from '../../src/checks/checks.ts'
import { checkIdOf } from '../../src/checks/id.ts'
import { isCheckOver } from '../../src/checks/record.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { listOpenPulls } from '../../src/github/recent.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import { runCheckJobId } from '../../src/jobs/check-job-ids.ts'
import { fullName, type JobRequest, type Repository } from '../../src/jobs/job.ts'
import { findJob, type QueueName, type Queues } from '../../src/jobs/queues.ts'
import { jobsOf, type Window } from './deployments.ts'
import type { PassTools } from './pass-tools.ts'
import { restart } from './requeue.ts'

type CheckRequest = Extract<JobRequest, { name: 'check' }>

/**
 * Queues the checks of open pull requests that no delivery told us of. Those that GitHub has an outcome of all the same
 * are found to have one when their job is done.
 */
export async function healChecks(
  repository: Repository,
  found: GitHubRepository,
  window: Window,
  tools: PassTools,
): Promise<void> {
  const { rules, checks, requeue, log, healed } = tools
  if (!rules.current.of(found.full_name)?.checks.length) return
  const pulls = (await readPulls(repository, tools)).filter(({ updated_at }) => {
    const at = Date.parse(updated_at)
    return at >= window.from && at <= window.until
  })
  for (const pull_request of pulls) {
    const payload = { action: 'reopened', repository: found, pull_request }
    const requests = jobsOf('pull_request', payload, rules.current).filter((each) => each.name === 'check')
    for (const request of requests) {
      if (!(await isMissing(request, checks)) || !(await requeue(request))) continue
      const { pullRequest, context } = request.data
      healed.checks.push(checkIdOf(repository.id, pullRequest.sha, context))
      const about = { repository: fullName(repository), pullRequest: pullRequest.number, context }
      log.warn(about, 'queued a check that was missed')
    }
  }
}

/** A check that we know nothing of, or believe nobody to wait for. */
async function isMissing({ data }: CheckRequest, checks: Checks): Promise<boolean> {
  const record = await checks.read(checkIdOf(data.repository.id, data.pullRequest.sha, data.context))
  return record === undefined || record.cancelled === true
}

async function readPulls(repository: Repository, { ask, github, memory, log }: PassTools) {
  try {
    const pulls = await ask(() => listOpenPulls(github, repository))
    await memory.unsay(repository.id, 'open-pulls')
    return pulls
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (await memory.sayOnce(repository.id, 'open-pulls')) {
      log.warn(
        { repository: fullName(repository), reason: error.message },
        'the token may not read pull requests: checks whose delivery was lost are not found',
      )
    }
    return []
  }
}

/** Queues the checks again that are not finished and that have no job any more. */
export async function requeueOpenChecks(tools: PassTools): Promise<void> {
  const { checks, queues, requeue, log, healed } = tools
  for (const id of await checks.open()) {
    const record = await checks.read(id)
    if (record === undefined || (record.unreportable !== undefined && isCheckOver(record.state))) {
      await checks.close(id)
      continue
    }
    const { repository, run, delivery } = record
    const data = { repository, check: id, run, delivery }
    const request: JobRequest = { name: 'run-check', id: runCheckJobId(id, run), data }
    if (await isAtWork(queues, 'events', record.job)) continue
    if (await isAtWork(queues, 'checks', request.id)) continue
    // It may have been finished since.
    if (!(await checks.isOpen(id))) continue
    if (!(await requeue(request)) && !(await restart(queues, request))) continue
    healed.checks.push(id)
    log.warn({ check: id }, 'queued a check again whose job was lost')
  }
}

async function isAtWork(queues: Queues, name: QueueName, jobId: string): Promise<boolean> {
  const state = await (await findJob(queues, name, jobId))?.getState()
  return state !== undefined && state !== 'unknown' && state !== 'completed' && state !== 'failed'
}
