import type { Evidence, Story } from './evidence.ts'
import { groupBy } from './group-by.ts'
import type { Happening } from './happenings.ts'
import type { Problem } from './problem.ts'
import { environments } from './rules.ts'
import { type Run, togetherMs } from './runs.ts'

/** A process that was paused must ask Redis before it can know that its lane is another's by now. */
const graceAfterPauseMs = 500

/** Whether runs of a lane came one after the other, were reported rightly, and not repeated without need. Pure. */
export function judgeRuns({ stories, runs, happenings }: Evidence): Problem[] {
  const lanes = groupBy(runs, ({ lane }) => lane)
  return [
    ...[...lanes.values()].flatMap(judgeLane),
    ...stories.flatMap((story) => judgeReported(story, lanes)),
    ...stories.flatMap((story) => judgeRepeats(story, happenings)),
  ]
}

function judgeLane(runs: Run[]): Problem[] {
  return runs.flatMap((run, index) => {
    const later = runs.slice(index + 1).filter(({ from }) => from < run.to)
    return later
      .filter((other) => togetherMs(run, other) > graceOf(run))
      .map((other): Problem => {
        const ms = Math.round(togetherMs(run, other))
        const message = `#${run.deployment} (run ${run.run}) and #${other.deployment} (run ${other.run}) worked side by side in lane ${run.lane} for ${ms} ms`
        return { kind: 'overlap', message, deployment: run.deployment }
      })
  })
}

function graceOf({ awake }: Run): number {
  return awake.length > 1 ? graceAfterPauseMs : 0
}

/** The run that a final status names must have come to its end, and have had the lane until then. */
function judgeReported({ deployment, statuses, runs }: Story, lanes: Map<string, Run[]>): Problem[] {
  const named = statuses.flatMap(({ description }) => /^Run (\S+)\.$/.exec(description)?.[1] ?? [])
  return named.flatMap((name): Problem[] => {
    const run = runs.find((each) => each.run === name)
    const about = { kind: 'false report' as const, deployment: deployment.id }
    if (run?.ended !== 'end') {
      return [{ ...about, message: `#${deployment.id} was reported by run ${name}, which did not end` }]
    }
    const other = lanes.get(run.lane)?.find(({ from }) => from > run.from && from < run.to)
    if (!other) return []
    const message = `#${deployment.id} was reported by run ${name}, which had lost the lane to run ${other.run}`
    return [{ ...about, message }]
  })
}

function judgeRepeats({ deployment, runs, statuses }: Story, happenings: Happening[]): Problem[] {
  const about = { kind: 'needless rerun' as const, deployment: deployment.id }
  const problems: Problem[] = []
  const mayRepeat = environments[deployment.originalEnvironment]?.onWorkerLoss !== 'fail'
  if (!mayRepeat && runs.length > 1) {
    problems.push({ ...about, message: `#${deployment.id} ran ${runs.length} times, and may run once` })
  }
  for (const [index, run] of runs.entries()) {
    const over = statuses.find(({ state }) => ['success', 'failure', 'error', 'inactive'].includes(state))
    if (over && run.from > over.at) {
      problems.push({ ...about, message: `#${deployment.id} was begun again after its final status` })
    }
    const next = runs[index + 1]
    if (next && run.ended === 'end' && !isExcused(run, next, happenings)) {
      const message = `#${deployment.id} had done its work in run ${run.run} and did it again in ${next.run}`
      problems.push({ ...about, message })
    }
  }
  return problems
}

/** Whether something kept the end of a run from being written down. */
function isExcused(run: Run, next: Run, happenings: Happening[]): boolean {
  const worker = happenings.find(({ pid, what }) => pid === run.pid && what === 'started')?.who
  return happenings.some(
    ({ who, at }) => (who === worker || who === 'Redis') && at >= run.from - 1000 && at <= next.from,
  )
}
