import { type Gate, gateSlackMs } from '../../src/ci/gates.ts'
import { type CiVerdict, judgeCi } from '../../src/ci/judge.ts'
import { readCi } from '../../src/github/commits.ts'
import type { StartDeployment } from '../../src/jobs/job.ts'
import { AskAgain } from '../ask-again.ts'
import type { CiLooks } from '../gate-rules.ts'
import type { Tools } from '../tools.ts'

/**
 * Whether a commit may be deployed now. If it may not and never will, the reason is written down and logged.
 *
 * @throws {AskAgain} while its CI is pending: it is woken by what CI reports
 */
export async function passGate(job: StartDeployment, jobId: string, tools: Tools): Promise<boolean> {
  const { github, gates, ciWaiting } = tools
  const { repository, sha } = job
  const { limitMs, ...rules } = tools.gateFor(repository)
  const wait = await readWait(jobId, limitMs, tools)
  // Before the look: what is reported after it is then never missed.
  await ciWaiting.register(repository.id, sha, jobId, wait.leftMs + gateSlackMs)
  const judged = judgeCi({ ...(await readCi(github, repository, sha)), ...rules })
  if (judged.verdict === 'pending' && wait.leftMs > 0) {
    return waitForCi(job, jobId, wait, judged.waitingFor, tools)
  }
  await ciWaiting.leave(repository.id, sha, jobId)
  if (judged.verdict === 'green') {
    await gates.remove(jobId)
    return true
  }
  const reason = reasonOf(judged)
  await gates.write({ ...aboutOf(job, jobId), ...reason, since: wait.since, until: Date.now() })
  say(job, reason, tools)
  return false
}

interface Wait {
  /** Whether this is not the first look. */
  began: boolean
  since: number
  until: number
  waitedMs: number
  leftMs: number
}

async function readWait(jobId: string, limitMs: number, { gates }: Tools): Promise<Wait> {
  const gate = await gates.read(jobId)
  const began = gate?.verdict === 'pending'
  const nowMs = Date.now()
  const since = began ? gate.since : nowMs
  const until = since + limitMs
  return { began, since, until, waitedMs: nowMs - since, leftMs: Math.max(0, until - nowMs) }
}

async function waitForCi(
  job: StartDeployment,
  jobId: string,
  { began, since, until, waitedMs, leftMs }: Wait,
  checks: string[],
  tools: Tools,
): Promise<never> {
  await tools.gates.write({ ...aboutOf(job, jobId), verdict: 'pending', checks, since, until })
  if (!began) say(job, { verdict: 'pending', checks }, tools)
  const message = `${job.sha.slice(0, 7)} waits for ${checks.join(', ')}.`
  throw new AskAgain(message, nextLookMs(waitedMs, leftMs, tools.ciLooks), () =>
    tools.ciWaiting.hasNews(job.repository.id, job.sha, jobId),
  )
}

type Reason = Pick<Gate, 'verdict' | 'checks'>

/** Why a commit that is not green is waited for no more. */
function reasonOf(judged: Exclude<CiVerdict, { verdict: 'green' }>): Reason {
  return judged.verdict === 'red'
    ? { verdict: 'red', checks: judged.failed }
    : { verdict: 'late', checks: judged.waitingFor }
}

function aboutOf({ repository, environment, sha, pullRequest }: StartDeployment, jobId: string) {
  const about = { jobId, repositoryId: repository.id, environment, sha }
  return pullRequest === undefined ? about : { ...about, pullRequest }
}

/** The next look comes after as long again as was waited, within bounds, and at the limit at the latest. Pure. */
export function nextLookMs(waitedMs: number, leftMs: number, { firstMs, longestMs }: CiLooks): number {
  return Math.max(1, Math.min(Math.max(waitedMs, firstMs), longestMs, leftMs))
}

const words: Record<Gate['verdict'], string> = {
  pending: 'a merge waits for its CI before it is deployed',
  red: 'a merge is not deployed: its CI has failed',
  late: 'a merge is not deployed: its CI took too long',
}

function say(job: StartDeployment, { verdict, checks }: Reason, { log }: Tools): void {
  const { environment, sha } = job
  const about = { environment, sha, checks }
  if (verdict === 'pending') log.info(about, words[verdict])
  else log.warn(about, words[verdict])
}
