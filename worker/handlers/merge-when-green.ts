import type { GiveUp } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { mergePull, readPull } from '../../src/github/pulls.ts'
import { getRepository } from '../../src/github/repositories.ts'
import type { MergeWhenGreen, Repository } from '../../src/jobs/job.ts'
import { decideMerge, type MergeDecision, type MergeFacts, whyOver } from '../../src/merging/decide-merge.ts'
import type { MergeWait } from '../../src/merging/waits.ts'
import { mergeTopic } from '../commands/memory.ts'
import { renewNow } from '../exclusively.ts'
import type { Lease } from '../lease.ts'
import { type MergeSubject, readMergeFacts } from '../merging/read-facts.ts'
import { goOnWaiting, noteReasons, sleepUntilNews } from '../merging/wait.ts'
import type { Tools } from '../tools.ts'

/**
 * Merges a pull request once it may be, at the very commit that was judged. Each look begins with what GitHub has: after an
 * answer that was lost, a merge is found there.
 *
 * @throws {AskAgain} while something is missing
 */
export async function mergeWhenGreen(job: MergeWhenGreen, tools: Tools, jobId: string): Promise<void> {
  const { repository, pullRequest } = job
  try {
    await tools.exclusively(`merging:${repository.id}:${pullRequest}`, (lease) =>
      look(job, tools, jobId, lease),
    )
  } finally {
    await tools.commands.wake(mergeTopic(repository.id, pullRequest))
  }
}

async function look(job: MergeWhenGreen, tools: Tools, jobId: string, lease: Lease): Promise<void> {
  const { merging, ciWaiting } = tools
  const earlier = await merging.waits.read(job.repository.id, job.pullRequest)
  const found = await findSubject(job, earlier, tools)
  if (typeof found === 'string') return end(job, earlier, jobId, found, tools)
  const { pull } = found
  const before = goOnWaiting(earlier, pull.number, pull.sha, Date.now())
  if (Date.now() >= before.until) return giveUp(job, before, jobId, tools)
  if (earlier && earlier.sha !== pull.sha) await ciWaiting.leave(job.repository.id, earlier.sha, jobId)
  // Before the look: what is reported after it is then never missed.
  await ciWaiting.register(job.repository.id, pull.sha, jobId, 2 * merging.pace.longestMs)

  const judged = await judge(found, tools)
  if (judged.do === 'merge') return merge(job, before, judged, tools, jobId, lease)
  const wait = await noteReasons(job, before, judged.reasons, tools)
  sleepUntilNews(job, jobId, wait, judged.late ?? false, tools)
}

/** The pull request with the rules it is merged by, or why it is not to be merged any more. */
async function findSubject(
  job: MergeWhenGreen,
  earlier: MergeWait | undefined,
  { github, rules, merging }: Tools,
): Promise<(MergeSubject & { repository: Repository }) | string> {
  try {
    // By its id: it may have been renamed since.
    const shown = await getRepository(github, job.repository)
    const [owner = '', name = ''] = shown.full_name.split('/')
    const repository = { id: job.repository.id, owner, name }
    const [pull, ask] = await Promise.all([
      readPull(github, repository, job.pullRequest),
      merging.asks.read(repository.id, job.pullRequest),
    ])
    const ofRepository = rules.current.of(shown.full_name)
    const over = whyOver(pull, ofRepository?.merge, ask)
    if (over !== undefined || !ofRepository?.merge) return over ?? 'nobody asks for it'
    const headSeenMs = earlier?.sha === pull.sha ? Date.now() - earlier.shaSince : 0
    return { repository, shown, rules: { ...ofRepository, merge: ofRepository.merge }, ask, pull, headSeenMs }
  } catch (error) {
    if (error instanceof GitHubRefusal && error.status === 404) return `it cannot be found: ${error.message}`
    throw error
  }
}

type Judged =
  | {
      do: 'merge'
      subject: MergeSubject
      facts: MergeFacts
      decision: Extract<MergeDecision, { do: 'merge' }>
    }
  | { do: 'wait'; reasons: string[]; late?: boolean }

/** What cannot be read is in the way: an operator must see to it. */
async function judge(subject: MergeSubject, { github }: Tools): Promise<Judged> {
  try {
    const facts = await readMergeFacts(github, subject)
    const decision = decideMerge(facts)
    return decision.do === 'merge' ? { do: 'merge', subject, facts, decision } : decision
  } catch (error) {
    if (error instanceof GitHubRefusal) return { do: 'wait', reasons: [error.message], late: true }
    throw error
  }
}

async function merge(
  job: MergeWhenGreen,
  before: MergeWait,
  { subject, facts, decision }: Extract<Judged, { do: 'merge' }>,
  tools: Tools,
  jobId: string,
  lease: Lease,
): Promise<void> {
  const { github, ciWaiting } = tools
  const { repository } = subject
  const { sha, method } = decision
  const waitFor = async (reason: string, late = false): Promise<never> =>
    sleepUntilNews(job, jobId, await noteReasons(job, before, [reason], tools), late, tools)

  // What was read first is the oldest by now: a label may be gone, a commit pushed.
  const pull = await readPull(github, repository, job.pullRequest)
  const over = whyOver(pull, facts.rules, facts.ask)
  if (over !== undefined) return end(job, before, jobId, over, tools)
  const again = decideMerge({ ...facts, pull })
  const isSame = again.do === 'merge' && again.sha === sha
  if (!isSame || (await ciWaiting.hasNews(repository.id, sha, jobId))) {
    return waitFor('it changed while it was looked at')
  }

  await renewNow(lease)
  const answer = await mergePull(github, repository, job.pullRequest, { sha, method })
  switch (answer.outcome) {
    case 'merged':
      tools.log.info({ sha, method, merge: answer.sha }, 'merged a pull request')
      return end(job, before, jobId, undefined, tools)
    case 'moved':
    case 'passing':
      return waitFor(answer.message)
    case 'refused':
      return waitFor(answer.message, true)
  }
}

/** It waits no more; `reason` says why, unless it was merged just now. */
async function end(
  job: MergeWhenGreen,
  wait: MergeWait | undefined,
  jobId: string,
  reason: string | undefined,
  { merging, ciWaiting, log }: Tools,
): Promise<void> {
  const { repository, pullRequest } = job
  if (wait) await ciWaiting.leave(repository.id, wait.sha, jobId)
  await merging.waits.remove(repository.id, pullRequest)
  if (reason !== undefined) log.info({ reason }, 'a pull request does not wait to be merged any more')
}

async function giveUp(job: MergeWhenGreen, wait: MergeWait, jobId: string, tools: Tools): Promise<void> {
  const { repository } = job
  await tools.ciWaiting.leave(repository.id, wait.sha, jobId)
  await tools.merging.waits.giveUp(repository.id, { ...wait, until: Date.now() })
  const about = { reasons: wait.reasons }
  tools.log.warn(about, 'a pull request is not merged: it was waited for too long')
}

/** The job itself was given up: the last reason is why. */
export async function giveUpMerge(job: MergeWhenGreen, reason: GiveUp, { merging }: Tools): Promise<void> {
  const nowMs = Date.now()
  const earlier = await merging.waits.read(job.repository.id, job.pullRequest)
  const wait = goOnWaiting(earlier, job.pullRequest, earlier?.sha ?? '', nowMs)
  await merging.waits.giveUp(job.repository.id, { ...wait, reasons: [reason.message], until: nowMs })
}
