import type { Repositories } from '../../deliveries/repositories.ts'
import type { Records } from '../../deployments/record.ts'
import type { Change } from '../../feed/feed.ts'
import { fullName } from '../../jobs/job.ts'
import { isoTime } from '../present-deployment.ts'
import type { PresentedChange } from '../schema/event.ts'

/** Gives a change as the API does, with names for people. */
export type PresentChange = (change: Change) => Promise<PresentedChange>

/** However many follow, each change is looked up once: they are all given the same one by the feed. */
export function createPresentChange(repositories: Repositories, records: Records): PresentChange {
  const presented = new WeakMap<Change, Promise<PresentedChange>>()

  const nameOf = async ({ repositoryId, deployment }: Change) => {
    if (repositoryId === undefined) return null
    const name = await repositories.nameOf(repositoryId)
    if (name !== undefined || deployment === undefined) return name ?? null
    // No delivery has come from it yet.
    const record = await records.read(deployment)
    return record ? fullName(record.repository) : null
  }

  return (change) => {
    const known = presented.get(change)
    if (known) return known
    // Redis may be away just now: what came is told all the same.
    const promise = nameOf(change)
      .catch(() => null)
      .then((repository) => present(change, repository))
    presented.set(change, promise)
    return promise
  }
}

function present(change: Change, repository: string | null): PresentedChange {
  return {
    kind: change.kind,
    repository,
    repositoryId: change.repositoryId ?? null,
    environment: change.environment ?? null,
    deployment: change.deployment ?? null,
    state: change.state ?? null,
    at: isoTime(Number(change.id.split('-')[0])),
  }
}
