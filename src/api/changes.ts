import type { DeploymentRecord } from '../deployments/record.ts'
import type { Comparisons, Overview } from '../overview/overview.ts'
import type { Changes } from './schema/deployment.ts'

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
