import type { Access } from '../access/access.ts'
import { openApprovals } from '../approvals/approvals.ts'
import { openAudit } from '../audit/open-audit.ts'
import { openGates } from '../ci/gates.ts'
import type { RulesInForce } from '../config/rules.ts'
import { openRepositories } from '../deliveries/repositories.ts'
import { openTrace } from '../deliveries/trace.ts'
import { openCancelling } from '../deployments/cancelling.ts'
import { openHeld } from '../deployments/held.ts'
import { deploymentKeys } from '../deployments/keys.ts'
import { sayWaiting } from '../deployments/lane-scripts.ts'
import { listDeployments } from '../deployments/list.ts'
import { openLogs } from '../deployments/log.ts'
import { readRollbackFacts } from '../deployments/read-rollback-facts.ts'
import { defaultRetention, openRecords } from '../deployments/record.ts'
import type { GitHub } from '../github/client.ts'
import type { Enqueue } from '../jobs/enqueue.ts'
import type { Queues } from '../jobs/queues.ts'
import { openFreezes } from '../locks/freezes.ts'
import { openLocks } from '../locks/locks.ts'
import type { Redis } from '../redis/redis.ts'
import type { OperationDependencies } from './dependencies.ts'
import { openRequests } from './requests.ts'

export interface OperationPartsOptions {
  redis: Redis
  prefix: string
  queues: Queues
  enqueue: Enqueue
  rules: RulesInForce
  access: Access
  github: GitHub | undefined
  patienceMs?: number
}

/** What is forgotten is for the workers to say, who know how much is to be kept. */
const forgetsNone = { ...defaultRetention, keptPerLane: Number.MAX_SAFE_INTEGER }

const usualPatienceMs = 10_000

/** Opens in Redis what operations work with. */
export function openOperationParts(options: OperationPartsOptions): OperationDependencies {
  const { redis, prefix, queues, enqueue, rules, access, github, patienceMs = usualPatienceMs } = options
  const keys = deploymentKeys(prefix)
  const held = openHeld(redis, keys, queues)
  return {
    ...{ access, rules, queues, enqueue, github, patienceMs, held },
    audit: openAudit(redis, prefix),
    repositories: openRepositories(redis, prefix),
    trace: openTrace(redis, prefix),
    records: openRecords(redis, keys, forgetsNone),
    logs: openLogs(redis, keys),
    requests: openRequests(redis, prefix),
    locks: openLocks(redis, prefix, held),
    freezes: openFreezes(redis, prefix, held),
    approvals: openApprovals(redis, prefix, held),
    cancelling: openCancelling(redis, keys, queues),
    gates: openGates(redis, prefix),
    newest: async (filter, limit) => (await listDeployments(redis, keys, filter, limit)).records,
    rollbackFacts: (from) => readRollbackFacts(redis, keys, from),
    sayWaiting: async (id, description) => {
      await sayWaiting(redis, [keys.record(id), keys.statuses(id)], [description])
    },
  }
}
