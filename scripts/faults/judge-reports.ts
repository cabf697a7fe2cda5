import type { Story } from './evidence.ts'
import type { Problem } from './problem.ts'

const rank: Record<string, number> = {
  pending: 1,
  queued: 2,
  in_progress: 3,
  success: 4,
  failure: 4,
  error: 4,
  inactive: 4,
}

/** Whether a deployment's statuses at GitHub came once each and in the contract's order. Pure. */
export function judgeReports({ deployment, statuses }: Story): Problem[] {
  const problems: Problem[] = []
  const add = (kind: Problem['kind'], message: string): void => {
    const all = statuses.map(({ state }) => state).join(', ')
    problems.push({ kind, message: `#${deployment.id} ${message} (${all})`, deployment: deployment.id })
  }
  const first = statuses[0]
  if (first && first.state !== 'pending') add('order', `began with ${first.state}`)
  for (const [index, status] of statuses.entries()) {
    const before = statuses.slice(0, index)
    const previous = before.at(-1)
    if (before.some((each) => isSame(each, status))) add('duplicate', `was said to be ${status.state} twice`)
    else if (previous && !mayFollow(previous, status)) {
      add('order', `was ${status.state} after ${previous.state}`)
    }
    const worked = status.state === 'success' || status.state === 'failure'
    if (worked && !before.some(({ state }) => state === 'in_progress')) {
      add('order', `was ${status.state} without in_progress`)
    }
  }
  return problems
}

type Status = Story['statuses'][number]

function isSame(one: Status, other: Status): boolean {
  return one.state === other.state && (one.state !== 'queued' || one.description === other.description)
}

function mayFollow(previous: Status, { state }: Status): boolean {
  // A successor's success makes it inactive, by our hand or GitHub's.
  if (state === 'inactive' && previous.state === 'success') return true
  if (state === 'queued' && previous.state === 'queued') return true
  return (rank[state] ?? 0) > (rank[previous.state] ?? 0)
}
