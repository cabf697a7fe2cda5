import type { Evidence, Story } from './evidence.ts'
import { groupBy } from './group-by.ts'
import type { ProblemKind } from './problem.ts'
import type { Outcome } from './run-faults.ts'

/** The figures of a run, a line each. */
export function tellFigures({
  struck,
  skipped,
  evidence,
  problems,
  deliveries,
  quietAfterMs,
}: Outcome): string[] {
  const { stories, merges, runs } = evidence
  const count = (...kinds: ProblemKind[]): number =>
    problems.filter(({ kind }) => kinds.includes(kind)).length
  const total = [...struck.values()].reduce((sum, times) => sum + times, 0)
  const ran = (how: string): number => runs.filter(({ ended }) => ended === how).length
  const lines: [string, unknown][] = [
    ...[...struck].sort().map(([kind, times]): [string, unknown] => [kind, times]),
    ['faults in all', `${total} (${skipped} more struck what was down already)`],
    ['merges', merges.length],
    ['  overtaken while not delivered', merges.filter(({ deployments }) => deployments.length === 0).length],
    ['deployments', stories.length],
    ['  of which succeeded', endedAs(stories, 'success')],
    ['  failed (their own fault)', endedAs(stories, 'failure')],
    ['  ended as error', endedAs(stories, 'error')],
    ['  superseded', endedAs(stories, 'inactive')],
    ['runs', `${runs.length} (${ran('lost')} lost with their worker, ${ran('stopped')} stopped)`],
    ['deliveries', `${deliveries.all} (${deliveries.acknowledged} acknowledged)`],
    ['redelivered at the end', deliveries.redelivered],
    ['longest recovery', tellLongest(longestRecovery(evidence))],
    ['longest from acknowledged to over', tellLongest(longestLife(evidence))],
    ['quiet after the last fault', quietAfterMs === undefined ? 'never' : seconds(quietAfterMs)],
    ['in progress side by side in the record', inProgressTogether(stories)],
    ['errors although no run was lost', errorsWithoutLoss(stories)],
    ['lost', count('lost')],
    ['duplicates', count('duplicate', 'needless rerun')],
    ['overlaps', count('overlap', 'false report')],
    ['out of order', count('order')],
    ['left over', count('left over', 'orphan')],
    ['violations', count('violation')],
  ]
  return lines.map(([name, value]) => `${name.padEnd(40)} ${value}`)
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

function tellLongest({ ms, deployment }: Longest): string {
  return ms === 0 ? 'none' : `${seconds(ms)} (#${deployment})`
}

const finalStates = ['success', 'failure', 'error', 'inactive']

function firstFinal({ statuses }: Story) {
  return statuses.find(({ state }) => finalStates.includes(state))
}

function endedAs(stories: Story[], state: string): number {
  return stories.filter((story) => firstFinal(story)?.state === state).length
}

interface Longest {
  ms: number
  deployment: number
}

/** The longest time from the moment a run was lost or stopped until its deployment was begun again or over. */
export function longestRecovery({ stories }: Evidence): Longest {
  return longestOf(
    stories.flatMap((story) => {
      const over = firstFinal(story)?.at ?? Number.NaN
      const interrupted = story.runs.filter(({ ended }) => ended === 'lost' || ended === 'stopped')
      return interrupted.map((run) => {
        const next = story.runs.find(({ from }) => from > run.from)?.from ?? Number.POSITIVE_INFINITY
        return { ms: Math.min(next, over) - run.to, deployment: story.deployment.id }
      })
    }),
  )
}

/** The longest time that a deployment took from its acknowledgement to its final status. */
export function longestLife({ stories }: Evidence): Longest {
  return longestOf(
    stories.map((story) => {
      const ms = (firstFinal(story)?.at ?? Number.NaN) - (story.acknowledgedAt ?? Number.NaN)
      return { ms, deployment: story.deployment.id }
    }),
  )
}

function longestOf(all: Longest[]): Longest {
  const known = all.filter(({ ms }) => Number.isFinite(ms))
  return known.reduce((one, other) => (other.ms > one.ms ? other : one), { ms: 0, deployment: 0 })
}

/** How often a deployment of a lane began, by the record, before the one that was in progress had its final status. */
function inProgressTogether(stories: Story[]): number {
  const lanes = groupBy(
    stories,
    ({ repository, deployment }) => `${repository} ${deployment.originalEnvironment}`,
  )
  return [...lanes.values()].flatMap((lane) => {
    const spans = lane.flatMap(({ record }) =>
      record?.startedAt === undefined
        ? []
        : [{ from: record.startedAt, to: record.finishedAt ?? Number.POSITIVE_INFINITY }],
    )
    spans.sort((one, other) => one.from - other.from)
    return spans.filter(({ from }, index) => spans.slice(0, index).some(({ to }) => to > from))
  }).length
}

/** Deployments that ended because their worker was said to be lost, more often than one of their runs was. */
function errorsWithoutLoss(stories: Story[]): number {
  return stories.filter((story) => {
    const said = /^The worker running it was lost(?: (\d+) times)?/.exec(firstFinal(story)?.description ?? '')
    return said !== null && story.runs.length < Number(said[1] ?? 1)
  }).length
}
