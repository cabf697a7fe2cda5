import { gateSlackMs } from '../../src/ci/gates.ts'
import { type CiVerdict, judgeCi } from '../../src/ci/judge.ts'
import type { HeldBack } from '../../src/deployments/held.ts'
import { readCi } from '../../src/github/commits.ts'
import { readWorkflowRun } from '../../src/github/workflow-runs.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { checksBeside } from '../../src/protection/checks-of-run.ts'
import type { CiLooks } from '../gate-rules.ts'
import { nextLookMs } from './ci-gate.ts'
import { defineHold, type HoldSubject } from './hold.ts'

/** What a commit's checks say of a deployment that GitHub Actions runs; nothing of ours, which are judged before they are made. */
export interface ChecksFacts {
  verdict: CiVerdict
  acceptedAt: number
  limitMs: number
  looks: CiLooks
}

/** Holds a deployment back until the checks of its commit are green; red ones, and those that take too long, end it. Pure. */
export function decideChecks(
  facts: ChecksFacts | undefined,
  _rules: unknown,
  nowMs: number,
): HeldBack | undefined {
  if (facts === undefined || facts.verdict.verdict === 'green') return undefined
  const { verdict, acceptedAt, limitMs, looks } = facts
  if (verdict.verdict === 'red') {
    const reason = `Its checks have failed: ${verdict.failed.join(', ')}.`
    return { hold: 'checks', reason, limit: { at: nowMs, reason } }
  }
  const names = verdict.waitingFor.join(', ')
  const at = acceptedAt + limitMs
  const next = nextLookMs(nowMs - acceptedAt, at - nowMs, looks)
  return {
    hold: 'checks',
    reason: `Waits for the checks of its commit: ${names}.`,
    endsAt: nowMs + next,
    limit: { at, reason: `Its checks took too long: ${names}.` },
  }
}

/** `gate:`, for what GitHub Actions deploys. Green once is green: what is red later was not so when it asked. */
export const checks = defineHold(async (subject): Promise<ChecksFacts | undefined> => {
  const { record, tools } = subject
  if (record.workflowRun === undefined || (await tools.protection.runs.hasPassed(record.id))) return undefined
  const { limitMs, ...rules } = tools.gateFor(record.repository)
  const verdict = judgeCi({ ...(await readChecks(subject, record.workflowRun, limitMs)), ...rules })
  if (verdict.verdict === 'green') await tools.protection.runs.notePassed(record.id)
  return { verdict, acceptedAt: record.acceptedAt, limitMs, looks: tools.ciLooks }
}, decideChecks)

/** The checks of what is deployed, and of what the workflow runs on, if that is another commit. */
async function readChecks({ record, tools }: HoldSubject, workflowRun: number, limitMs: number) {
  const { github, ciWaiting } = tools
  const { repository } = record
  const run = await readWorkflowRun(github, repository, workflowRun)
  const read = async (sha: string) => {
    // Before the look: what is reported after it is then never missed.
    await ciWaiting.register(repository.id, sha, deploymentJobId(record.id), limitMs + gateSlackMs)
    return readCi(github, repository, sha)
  }
  const found = await Promise.all([...new Set([record.sha, run.sha])].map(read))
  return {
    statuses: found.flatMap(({ statuses }) => statuses),
    checkRuns: checksBeside(
      found.flatMap(({ checkRuns }) => checkRuns),
      run.suite,
    ),
  }
}
