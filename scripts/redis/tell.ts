import type { RedisOutcome } from './run-redis.ts'

/** The figures of a run, a line each. */
export function tellRedis({ evidence, problems, forgotten, quietAfterMs }: RedisOutcome): string[] {
  const { stories, merges, runs } = evidence
  const ran = (how: string): number => runs.filter(({ ended }) => ended === how).length
  const twice = stories.filter((story) => story.runs.filter(({ ended }) => ended === 'end').length > 1)
  const lines: [string, unknown][] = [
    ...forgotten.map(({ what, masterAfterMs, ...each }): [string, unknown] => [
      what,
      `a master again after ${seconds(masterAfterMs)}; forgotten: ${each.forgotten.length} of ${each.acknowledged} acknowledged jobs (${each.forgotten.join(' ')}), ${each.writes.forgotten} of ${each.writes.acknowledged} other writes`,
    ]),
    ['merges', merges.length],
    ['deployments', stories.length],
    ['runs', `${runs.length} (${ran('stopped')} stopped, ${ran('lost')} lost)`],
    ['ran to their end twice', twice.map(({ deployment }) => `#${deployment.id}`).join(' ') || 0],
    ['quiet after the last', quietAfterMs === undefined ? 'never' : seconds(quietAfterMs)],
    ['problems', problems.length],
  ]
  return lines.map(([name, value]) => `${name.padEnd(40)} ${value}`)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
