import type { DeploymentRecord } from '../deployments/record.ts'
import type { Comparisons, Overview } from '../overview/overview.ts'

/** What a deployment brings, as the API gives it. */
export interface Changes {
  /** The deployment that was there before. */
  since: { id: number; sha: string }
  /** How many commits come, and how many that were there are not in it. */
  ahead: number
  behind: number
  /** The newest of those that come, newest first. */
  commits: { sha: string; title: string; author: string }[]
}

/**
 * What is between a deployment and the one that was there before it. Null while GitHub is being asked, where it cannot say, and
 * where nothing was there before.
 */
export async function findChanges(
  record: DeploymentRecord,
  { overview, comparisons }: { overview: Overview; comparisons: Comparisons },
): Promise<Changes | null> {
  const before = await overview.predecessor(record)
  if (before === undefined) return null
  const since = { id: before.id, sha: before.sha }
  if (before.sha === record.sha) return { since, ahead: 0, behind: 0, commits: [] }
  const found = await comparisons.read(record.repository.id, before.sha, record.sha)
  return found ? { since, ...found } : null
}
