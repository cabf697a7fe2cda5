import type { Evidence } from './evidence.ts'
import type { Installation } from './installation.ts'

/** What a run has left to tell of. */
export interface Told {
  evidence: Evidence
  said: Installation['said']
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

/** All that is known of one deployment, in order of time. */
export function tellStory(id: number, { evidence, said }: Told, zero: number): string[] {
  const story = evidence.stories.find(({ deployment }) => deployment.id === id)
  if (!story) return [`nothing is known of #${id}`]
  const { deployment, repository, record, recorded, runs, statuses, acknowledgedAt } = story
  const parts: [number, string][] = [
    ...statuses.map((each): [number, string] => [each.at, `GitHub: ${each.state}: ${each.description}`]),
    ...runs.flatMap(({ run, from, to, ended }): [number, string][] => [
      [from, `run ${run} begins`],
      [to, `run ${run}: ${ended}`],
    ]),
    ...(acknowledgedAt === undefined ? [] : [[acknowledgedAt, 'acknowledged'] as [number, string]]),
  ]
  const from = Math.min(...parts.map(([at]) => at)) - 1000
  const to = Math.max(...parts.map(([at]) => at).filter(Number.isFinite)) + 5000
  const near = evidence.happenings.filter(({ at }) => at > from && at < to)
  parts.push(
    ...near.map(({ at, who, what, pid }): [number, string] => [at, `  ${who} (${pid ?? ''}) ${what}`]),
  )
  const merge = `merge-${record?.repository.id}-${record?.pullRequest}`
  const about = new RegExp(`\\b(${id}|${merge})\\b`)
  return [
    `#${id} in ${repository}, ${deployment.originalEnvironment}`,
    ...parts
      .sort(([one], [other]) => one - other)
      .map(([at, text]) => `${seconds(at - zero).padStart(9)}  ${text}`),
    `record: ${JSON.stringify(record)}`,
    `statuses: ${JSON.stringify(recorded)}`,
    ...said.filter(({ line }) => about.test(line)).map(({ who, line }) => `${who}: ${line}`),
  ]
}
