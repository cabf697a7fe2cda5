import type { Evidence, Story } from './evidence.ts'
import { judgeReports } from './judge-reports.ts'
import { judgeRuns } from './judge-runs.ts'
import type { Problem, ProblemKind } from './problem.ts'

/** What was acknowledged and has come to nothing, before anybody brings back what was not. */
export function judgeAcknowledged({ stories, merges }: Evidence): Problem[] {
  const made = merges.filter(({ acknowledged }) => acknowledged)
  const told = stories.filter(({ acknowledgedAt }) => acknowledgedAt !== undefined)
  return [...judgeMerges(made), ...told.flatMap(judgeStory)]
}

/** What has come to nothing, whoever was to see to it. */
export function judgeAll({ stories, merges }: Evidence): Problem[] {
  return [...judgeMerges(merges), ...stories.flatMap(judgeStory)]
}

/** All that is not as it must be once everything has been delivered and is quiet. */
export function judge(evidence: Evidence): Problem[] {
  return [
    ...judgeAll(evidence),
    ...evidence.stories.flatMap(judgeReports),
    ...judgeRuns(evidence),
    ...judgeJobs(evidence),
    ...evidence.violations.map((message): Problem => ({ kind: 'violation', message })),
  ]
}

/** Jobs that wait, run, or have failed for good. */
export function judgeJobs({ jobs }: Evidence): Problem[] {
  return jobs.map(({ queue, id, state, reason }) => {
    const deployment = Number(/^deployment-(\d+)/.exec(id)?.[1] ?? 0)
    const message = `job ${id} is ${state} in ${queue} ${reason}`
    return { kind: 'left over', message, ...(deployment > 0 ? { deployment } : {}) }
  })
}

function judgeMerges(merges: Evidence['merges']): Problem[] {
  return (
    merges
      .filter(({ deployments }) => deployments.length !== 1)
      // What nobody acknowledged and a later merge has overtaken is rightly left alone.
      .filter(
        ({ deployments, acknowledged, overtaken }) => deployments.length > 0 || acknowledged || !overtaken,
      )
      .map(({ repository, number, deployments }) => ({
        kind: deployments.length === 0 ? 'lost' : 'duplicate',
        message: `the merge of ${repository}#${number} has ${deployments.length} deployments (${deployments})`,
        ...(deployments[1] === undefined ? {} : { deployment: deployments[1] }),
      }))
  )
}

const finalStates = ['success', 'failure', 'error', 'inactive']

function judgeStory({ deployment, statuses, record, recorded }: Story): Problem[] {
  const problem = (kind: ProblemKind, message: string): Problem => ({
    kind,
    message: `#${deployment.id} ${message}`,
    deployment: deployment.id,
  })
  if (!statuses.some(({ state }) => finalStates.includes(state))) {
    return [problem('lost', `never ended; its statuses: ${statuses.map(({ state }) => state).join(', ')}`)]
  }
  if (!record) return [problem('left over', 'ended at GitHub and has no record')]
  const left: Problem[] = []
  if (!finalStates.includes(record.state)) left.push(problem('left over', `is ${record.state} in the record`))
  if (recorded.some(({ sent }) => !sent)) left.push(problem('left over', 'has statuses that were not sent'))
  if (record.retires !== undefined) left.push(problem('left over', `has yet to retire #${record.retires}`))
  if (record.unreportable !== undefined) left.push(problem('lost', `was given up: ${record.unreportable}`))
  const ended = statuses.find(({ state }) => finalStates.includes(state))
  if (ended && ended.state !== record.state) {
    left.push(problem('order', `ended as ${ended.state} at GitHub and as ${record.state} in the record`))
  }
  return left
}
