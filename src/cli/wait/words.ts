import { briefly } from '../../span-text.ts'
import type { DeploymentDetail } from '../answers.ts'
import { commitWords, shortSha } from '../states.ts'

/** How a deployment stands, in words that change only when it does. Pure. */
export function standingWords(deployment: DeploymentDetail): string {
  const which = `#${deployment.id} ${deployment.repository} ${shortSha(deployment.sha)} to ${deployment.environment}`
  const said = deployment.statuses.at(-1)?.description ?? ''
  const isTelling = deployment.state === 'queued' && said !== ''
  return `${which}: ${deployment.state}${isTelling ? `: ${said}` : ''}`
}

/** How long that has been so, and how long it usually takes. Pure. */
export function elapsedWords(deployment: DeploymentDetail, nowMs: number): string {
  const { state, startedAt, acceptedAt, createdAt, usualSeconds } = deployment
  const since = (state === 'in_progress' ? startedAt : null) ?? acceptedAt ?? createdAt
  if (since === null) return ''
  const elapsed = ` ${briefly(nowMs - new Date(since).getTime())}`
  return state === 'in_progress' && usualSeconds
    ? `${elapsed}, usually ${briefly(usualSeconds * 1000)}`
    : elapsed
}

/** The state that a deployment ended with. A success that another took the place of was one. Pure. */
export function endStateOf({ state, statuses }: DeploymentDetail): string {
  return statuses.some((status) => status.state === 'success') ? 'success' : state
}

/** How it ended, in one line. Pure. */
export function endWords(deployment: DeploymentDetail): string {
  const { id, repository, environment, startedAt, finishedAt } = deployment
  const state = endStateOf(deployment)
  const said = deployment.statuses.findLast((status) => status.state === state)?.description ?? ''
  const took =
    startedAt !== null && finishedAt !== null
      ? ` after ${briefly(new Date(finishedAt).getTime() - new Date(startedAt).getTime())}`
      : ''
  const what = `#${id} ${repository} ${commitWords(deployment)} to ${environment}`
  return `${what}: ${state}${took}${said === '' ? '' : `. ${said}`}`
}
