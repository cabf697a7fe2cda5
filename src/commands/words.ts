import type { Explanation } from '../api/schema/explanation.ts'
import type { EnvironmentRules } from '../config/rules.ts'
import type { DeploymentRecord } from '../deployments/deployment-record.ts'
import { freezeWords, lockWords } from '../locks/words.ts'
import type { LaneView } from '../overview/overview.ts'
import { briefly } from '../span-text.ts'

/** What is said in answer to questions, a line each. All of it is pure, and plain text. */

/** When an environment is deployed to. */
export function environmentLine({ name, on, after }: EnvironmentRules): string {
  switch (on) {
    case 'merge':
      return `${name}: each merge`
    case 'push':
      return `${name}: each push`
    case 'tag':
      return `${name}: each tag`
    case 'promotion':
      return `${name}: after ${after}`
    case 'manual':
      return `${name}: when somebody asks for it`
  }
}

/** What an environment has, what goes on there and what holds it back. */
export function laneLine(lane: LaneView, nowMs: number): string {
  const { environment, has, more } = laneCells(lane, nowMs)
  return [`${environment} has ${has}`, ...more].join('; ')
}

/** The same in its parts. */
export function laneCells(
  lane: LaneView,
  nowMs: number,
): { environment: string; has: string; more: string[] } {
  const { environment, current, failed, running, waiting, waitsFor, locks, freezes } = lane
  const has = current ? `${commitWords(current)}, ${ago(current.finishedAt, nowMs)}` : 'nothing yet'
  const behind = lane.behind === undefined || lane.behind === 0 ? '' : `, ${lane.behind} behind`
  const more = [
    ...(failed ? [`#${failed.id} ended as ${failed.state}`] : []),
    ...(running ? [`#${running.id} (${commitWords(running)}) runs`] : []),
    ...waiting.map(({ id }, index) => `#${id} waits${index === 0 && waitsFor ? `: ${waitsFor}` : ''}`),
    ...locks.map(lockWords),
    ...freezes.map(freezeWords),
  ]
  return { environment, has: `${has}${behind}`, more: more.map((each) => each.replace(/\.$/, '')) }
}

/** Who deployed what, when, and how it went. */
export function deploymentLine(record: DeploymentRecord, nowMs: number): string {
  const { id, environment, state, deployUser, creator, finishedAt, acceptedAt } = record
  const who = deployUser ?? creator
  return `#${id} ${environment}: ${commitWords(record)} by ${who}, ${state}, ${ago(finishedAt ?? acceptedAt, nowMs)}`
}

function ago(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? 'not over' : `${briefly(nowMs - atMs)} ago`
}

function commitWords({ sha, ref, branch, tag }: DeploymentRecord): string {
  const name = tag ?? branch ?? ref
  return name === sha ? sha.slice(0, 7) : `${name} (${sha.slice(0, 7)})`
}

const endedShown = 1

/** All that stands in the way of a deployment, and what ended last. */
export function explanationLines(explanation: Explanation): string[] {
  const { running, waiting, held, jobs, unsent, stoppedByCi, skipped, merges, mergesGivenUp } = explanation
  const entries = [
    ...explanation.locks,
    ...explanation.freezes,
    ...(running ? [running] : []),
    ...[...waiting, ...held, ...jobs, ...unsent, ...stoppedByCi, ...skipped, ...merges, ...mergesGivenUp],
    ...explanation.refused,
    ...explanation.finished.slice(0, endedShown),
  ]
  const github = explanation.github === null ? [] : [explanation.github]
  return [...entries.map(({ text }) => text), ...github].filter((text) => text !== explanation.summary)
}
