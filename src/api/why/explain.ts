import type { Gate } from '../../ci/gates.ts'
import type { DeploymentRecord } from '../../deployments/record.ts'
import { presentArrival } from '../deliveries.ts'
import { isoTime, type Places, presentDeployment } from '../present-deployment.ts'
import type { Explanation } from '../schema/explanation.ts'
import type { Facts, FinishedFact, JobFact, UnsentFact } from './facts.ts'
import { foreseeMerge } from './foresee-merge.ts'
import { gateWords, stoppedWords } from './gate-words.ts'
import type { HeldFact } from './hold-facts.ts'
import { presentApproval, presentHolds } from './hold-words.ts'
import { presentMergeWait } from './merge-words.ts'
import { presentSkipped, skippedWords } from './skipped-words.ts'
import { durationWords, listWords, noneHas } from './words.ts'

/** Why things are as they are in one repository and environment, each with a sentence for people. Pure. */
export function explain(facts: Facts, places: Places): Explanation {
  const { repository, environment, nowMs } = facts
  const present = (record: DeploymentRecord) => presentDeployment(record, repository, places)
  const explanation = {
    repository,
    environment,
    at: isoTime(nowMs),
    running: facts.running
      ? {
          text: runningWords(facts.running, nowMs),
          leaseLeftSeconds: Math.ceil(facts.running.leaseLeftMs / 1000),
          deployment: present(facts.running.record),
        }
      : null,
    waiting: facts.waiting.map((record, index) => ({
      text: waitingWords(facts, index),
      place: index + 1,
      deployment: present(record),
    })),
    held: facts.held.map((held) => ({
      text: heldWords(held, nowMs),
      reasons: held.note.holds.map(({ reason }) => reason),
      since: isoTime(held.note.since),
      approvals: held.approvals.map(presentApproval),
      deployment: present(held.record),
    })),
    ...presentHolds(facts.holds, nowMs),
    jobs: facts.jobs.map((job) => ({ text: jobWords(job, facts), ...presentJob(job) })),
    unsent: facts.unsent.map((unsent) => ({
      text: unsentWords(unsent, facts),
      deployment: present(unsent.record),
      states: unsent.statuses.map(({ state }) => state),
    })),
    stoppedByCi: facts.stopped.map((gate) => ({ text: stoppedWords(gate), ...presentStop(gate) })),
    skipped: facts.skipped.map((each) => ({ text: skippedWords(each), ...presentSkipped(each) })),
    merges: facts.merges.map((wait) => presentMergeWait(wait, nowMs, false)),
    mergesGivenUp: facts.mergesGivenUp.map((wait) => presentMergeWait(wait, nowMs, true)),
    refused: facts.refused.map((arrival) => ({
      text: `${isoTime(arrival.at)}: ${arrival.event}${arrival.action ? ` ${arrival.action}` : ''} was ${
        arrival.outcome === 'unavailable' ? 'not taken' : arrival.outcome
      }: ${arrival.reason ?? 'no reason was kept'}`,
      ...presentArrival(arrival),
    })),
    finished: facts.finished.map((finished) => ({
      text: finishedWords(finished, nowMs),
      deployment: present(finished.record),
    })),
    github: pauseWords(facts.pause),
    workers: facts.workers,
    merge: foreseeMerge(facts),
  }
  return { summary: summaryOf(facts, explanation.merge.text), ...explanation }
}

function finishedWords({ record, said }: FinishedFact, nowMs: number): string {
  const { id, sha, state, finishedAt } = record
  const ago = finishedAt === undefined ? '' : ` ${durationWords(nowMs - finishedAt)} ago`
  const how = `#${id} of ${sha.slice(0, 7)} ended as ${state}${ago}`
  return state === 'success' || !said ? `${how}.` : `${how}: ${said}`
}

function summaryOf(
  { repository, environment, isKnown, running, waiting, held, jobs }: Facts,
  merge: string,
): string {
  if (!isKnown) return merge
  const doing = [
    running
      ? `#${running.record.id} ${running.leaseLeftMs > 0 ? 'runs' : 'was lost while it ran'}`
      : 'nothing runs',
    waiting.length === 0
      ? undefined
      : `${listWords(waiting.map(({ id }) => `#${id}`))} ${waiting.length === 1 ? 'waits' : 'wait'}`,
    held.length === 0
      ? undefined
      : `${listWords(held.map(({ record }) => `#${record.id}`))} ${held.length === 1 ? 'is' : 'are'} held back`,
    jobs.length === 0 ? undefined : `${jobs.length} ${jobs.length === 1 ? 'job is' : 'jobs are'} on the way`,
  ].filter((words) => words !== undefined)
  return `In ${environment} of ${repository} ${listWords(doing)}. A merge now: ${merge}`
}

function runningWords({ record, leaseLeftMs }: NonNullable<Facts['running']>, nowMs: number): string {
  const which = `#${record.id} of ${record.sha.slice(0, 7)}`
  const worker = record.worker ?? 'a worker'
  if (record.workflowRun !== undefined) {
    const since = record.startedAt === undefined ? '' : `, for ${durationWords(nowMs - record.startedAt)} now`
    return `${which} is deployed by GitHub Actions (run ${record.workflowRun})${since}.`
  }
  if (leaseLeftMs <= 0) {
    return `${which} was begun by ${worker}, which has not been heard of since its lease ended: another worker takes it up within seconds, if one runs.`
  }
  const since = record.startedAt === undefined ? '' : ` for ${durationWords(nowMs - record.startedAt)}`
  if (record.deployedAt !== undefined) {
    return `${which} was deployed ${durationWords(nowMs - record.deployedAt)} ago, and ${worker} verifies that it works.`
  }
  return `${which} has been running${since} on ${worker}; the lease has ${durationWords(leaseLeftMs)} left unless it is renewed.`
}

function heldWords({ record, note, approvals }: HeldFact, nowMs: number): string {
  const since = `#${record.id} of ${record.sha.slice(0, 7)} has been held back for ${durationWords(nowMs - note.since)}`
  const limits = note.holds.flatMap(({ limit }) => (limit ? [limit.at] : []))
  const limit = limits.length === 0 ? '' : ` In ${durationWords(Math.min(...limits) - nowMs)} it is given up.`
  const said = approvals.map((each) => ` ${presentApproval(each).text}`).join('')
  return `${since}: ${note.holds.map(({ reason }) => reason).join(' ')}${limit}${said}`
}

function waitingWords({ running, waiting }: Facts, index: number): string {
  const record = waiting[index]
  const which = `#${record?.id} of ${record?.sha.slice(0, 7)}`
  if (running) return `${which} waits for #${running.record.id} to end; its place in line is ${index + 1}.`
  const before = waiting[index - 1]
  return before
    ? `${which} waits behind #${before.id}; its place in line is ${index + 1}.`
    : `${which} is next, and begins within seconds if a worker runs.`
}

function jobWords(job: JobFact, facts: Facts): string {
  return `${jobSubject(job)}: ${jobStateWords(job, facts)}`
}

function jobSubject({ name, number, sha }: JobFact): string {
  const commit = sha.slice(0, 7)
  switch (name) {
    case 'start-deployment': {
      const what = number === undefined ? commit : `pull request #${number} (${commit})`
      return `The deployment of ${what} is to be created at GitHub`
    }
    case 'process-deployment':
      return `Deployment #${number} (${commit}) is to be run`
    case 'review-deployment':
      return `Whether GitHub Actions may run deployment #${number} (${commit}) is to be decided`
  }
}

function jobStateWords(job: JobFact, { nowMs, pause, workers, lackedLabels }: Facts): string {
  const failed = job.failedReason === undefined ? '' : ` The last attempt: ${job.failedReason}`
  switch (job.state) {
    case 'active':
      return 'a worker is at it.'
    case 'waiting':
      if (workers === 0) return 'no worker runs; start one.'
      if (lackedLabels && job.name === 'process-deployment') return `${noneHas(lackedLabels)}; start one.`
      return 'it waits for a worker that has its hands free.'
    case 'failed':
      return `it was given up after ${job.attempts} attempts.${failed} Redeliver the event to try again.`
    case 'delayed': {
      const paused = pause ? ` ${pauseWords(pause)}` : ''
      const left = (job.nextTryAt ?? nowMs) - nowMs
      const again = left > 0 ? `in ${durationWords(left)}` : 'now'
      if (job.gate) return `${gateWords(job.gate, nowMs, again)}${paused}`
      return `it is tried again ${again}, after ${job.attempts} attempts.${failed}${paused}`
    }
  }
}

function presentJob({ nextTryAt, failedReason, number, gate, ...job }: JobFact) {
  return {
    ...job,
    number: number ?? null,
    failedReason: failedReason ?? null,
    nextTryAt: isoTime(nextTryAt),
    waitsFor: gate?.checks ?? [],
  }
}

function presentStop({ pullRequest, sha, verdict, checks, since, until }: Gate) {
  return { pullRequest: pullRequest ?? null, sha, verdict, checks, since: isoTime(since), at: isoTime(until) }
}

function unsentWords({ record, statuses, job }: UnsentFact, facts: Facts): string {
  const states = listWords(statuses.map(({ state }) => state))
  const which = `GitHub does not have ${states} of #${record.id} yet`
  if (record.unreportable !== undefined) return `${which} and never will: ${record.unreportable}`
  if (facts.pause) return `${which}. ${pauseWords(facts.pause)}`
  return job ? `${which}: ${jobStateWords(job, facts)}` : `${which}: a worker is about to send them.`
}

function pauseWords(pause: Facts['pause']): string | null {
  if (!pause) return null
  const why =
    pause.reason === 'unauthorized'
      ? 'it refuses the token in GITHUB_TOKEN, or the GitHub App'
      : 'its rate limit is used up'
  return `GitHub is left alone for ${durationWords(pause.leftMs)} more, because ${why}.`
}
