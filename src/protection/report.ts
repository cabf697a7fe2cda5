import type { DeploymentState } from '../github/deployments.ts'

/** What GitHub is told of a deployment that GitHub Actions runs: a reason why it waits, or a decision. */
export interface Report {
  /** Left out: it waits still. */
  state?: 'approved' | 'rejected'
  words: string
}

/** A status of our record, in its order. */
interface Said {
  state: DeploymentState
  description: string
}

/**
 * GitHub takes ten reports without a decision on a deployment.
 *
 * @see https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/create-custom-protection-rules
 */
export const mostReports = 10

const lastWords = 'What else it waits for is on its page, and is not told here any more.'

/**
 * What GitHub is told of one of the statuses of our record: each reason once, the last that it takes with where to look from then
 * on, and one decision. Undefined: nothing. `among` are all statuses, oldest first. Pure.
 */
export function reportOf(among: readonly Said[], index: number): Report | undefined {
  const said = among[index]
  if (said === undefined || said.state === 'pending') return undefined
  const before = among.slice(0, index)
  if (said.state === 'queued') return waitingReport(among, before, said)
  // What GitHub Actions made of it, GitHub knows.
  if (before.some(({ state }) => state === 'in_progress')) return undefined
  if (said.state === 'in_progress') return { state: 'approved', words: 'Nothing holds it back.' }
  return { state: 'rejected', words: said.description }
}

function waitingReport(among: readonly Said[], before: readonly Said[], said: Said): Report | undefined {
  // By now it waits for something else, or is decided.
  if (among.length > before.length + 1) return undefined
  const reasons = new Set(before.filter(({ state }) => state === 'queued').map((each) => each.description))
  if (reasons.has(said.description) || reasons.size >= mostReports) return undefined
  const isLast = reasons.size === mostReports - 1
  return { words: isLast ? `${said.description} ${lastWords}` : said.description }
}
