import type { Redis } from '../redis/redis.ts'
import type { DeploymentRecord } from './deployment-record.ts'
import type { Keys } from './keys.ts'
import { listDeployments, readRecords } from './list.ts'
import { isFinal } from './record.ts'
import type { RollbackFacts } from './rollback.ts'

/** A commit that succeeded further back than this is not gone back to. */
const mostSuccesses = 50
const mostFailures = 200

/** Reads all that counts when a deployment is to be rolled back. */
export async function readRollbackFacts(
  redis: Redis,
  keys: Keys,
  from: DeploymentRecord,
): Promise<RollbackFacts> {
  const { repository, environment } = from
  const lane = { repositoryId: repository.id, environment }
  const [successes, failures, waiting, newestStarted] = await Promise.all([
    listDeployments(redis, keys, { ...lane, state: 'success' }, mostSuccesses),
    listDeployments(redis, keys, { ...lane, state: 'failure' }, mostFailures),
    redis.hkeys(keys.waiting(repository.id, environment)),
    redis.hget(keys.lane(repository.id, environment), 'newestStarted'),
  ])
  const later = [...waiting.map(Number), Number(newestStarted ?? 0)].filter((id) => id > from.id)
  const records = [...(await readRecords(redis, keys, later)).values()]
  const comes = records.filter(
    ({ id, state, rollbackOf }) =>
      rollbackOf === undefined && (id === Number(newestStarted) || !isFinal(state)),
  )
  return {
    from,
    past: [...successes.records, ...failures.records],
    newer: comes.length === 0 ? undefined : Math.max(...comes.map(({ id }) => id)),
  }
}
