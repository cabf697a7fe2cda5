import type { DeploymentRecord, RecordedStatus, Records } from '../../deployments/record.ts'
import type { JobFact, UnsentFact } from './facts.ts'

/** The statuses of deployments, by their ids. */
export async function readStatuses(
  records: Pick<Records, 'statuses'>,
  recent: DeploymentRecord[],
): Promise<Map<number, RecordedStatus[]>> {
  const entries = recent.map(async ({ id }) => [id, await records.statuses(id)] as const)
  return new Map(await Promise.all(entries))
}

/** Those of which GitHub does not have all statuses yet. Pure. */
export function findUnsent(
  recent: DeploymentRecord[],
  statuses: ReadonlyMap<number, RecordedStatus[]>,
  jobs: JobFact[],
): UnsentFact[] {
  return recent.flatMap((record) => {
    const unsent = (statuses.get(record.id) ?? []).filter(({ sent }) => !sent)
    const job = jobs.find(({ name, number }) => name !== 'start-deployment' && number === record.id)
    return unsent.length === 0 ? [] : [{ record, statuses: unsent, ...(job ? { job } : {}) }]
  })
}

/** What the last status says. Pure. */
export function saidOf(statuses: readonly RecordedStatus[] = []): { said?: string } {
  const last = statuses.at(-1)
  return last === undefined ? {} : { said: last.description }
}
