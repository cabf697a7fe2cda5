/** What is looked at of a deployment to find the one that is meant. */
interface Candidate {
  id: number
  state: string
  startedAt?: unknown
}

/** Finds, among an environment's deployments (newest first), the one that is meant; else says why there is none. Pure. */
export type Choice = <T extends Candidate>(deployments: readonly T[], where: string) => T | { none: Nothing }

/** Why none was chosen. `askMore`: there are several, and a number is needed. */
export interface Nothing {
  why: string
  askMore?: boolean
}

/** The newest. */
export const newest: Choice = ([first], where) =>
  first ?? nothing(`Nothing has been deployed to ${where} yet.`)

/** The only one that is not over. */
export const theUnfinished: Choice = (deployments, where) => {
  const open = deployments.filter(({ state }) => !isOver(state))
  const [first, second] = open
  if (first === undefined) return nothing(`No deployment to ${where} waits or runs.`)
  if (second === undefined) return first
  const list = open.map(({ id, state }) => `#${id} (${state})`).join(', ')
  const why = `Name the deployment by its number: to ${where} there are ${list}.`
  return { none: { why, askMore: true } }
}

/** The newest that was begun: what is there now, or failed to be. */
export const theNewestBegun: Choice = (deployments, where) =>
  deployments.find(({ state, startedAt }) => isOver(state) && (startedAt ?? null) !== null) ??
  nothing(`Nothing has been deployed to ${where} yet.`)

/** The newest that succeeded. */
export const theNewestSuccess: Choice = (deployments, where) =>
  deployments.find(({ state }) => state === 'success') ?? nothing(`Nothing has succeeded in ${where} lately.`)

/** Whether nothing more happens to a deployment in this state. Pure. */
export function isOver(state: string): boolean {
  return ['success', 'failure', 'error', 'inactive'].includes(state)
}

function nothing(why: string): { none: Nothing } {
  return { none: { why } }
}
