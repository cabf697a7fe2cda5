import type { Checks } from '../../src/checks/checks.ts'
import type { RulesInForce } from '../../src/config/rules.ts'
import type { Repositories } from '../../src/deliveries/repositories.ts'
import type { Keys } from '../../src/deployments/keys.ts'
import type { Records } from '../../src/deployments/record.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { Queues } from '../../src/jobs/queues.ts'
import type { Logger } from '../../src/log/log.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { Ask } from './ask.ts'
import type { HookHistory } from './hook-report.ts'
import type { Memory } from './memory.ts'
import type { Requeue } from './requeue.ts'

/** All that the steps of a pass may touch. */
export interface PassTools {
  rules: RulesInForce
  redis: Redis
  keys: Keys
  queues: Queues
  records: Records
  checks: Checks
  github: GitHub
  ask: Ask
  memory: Memory
  repositories: Repositories
  requeue: Requeue
  webhookUrl: string
  /** The webhook of the App that we are, if it delivers to us. */
  appHook?: HookHistory | undefined
  log: Logger
  healed: Healed
  /** Aborted when the pass must end. */
  signal: AbortSignal
  /** Now, in milliseconds since 1970. */
  now: number
  /** What is younger is not missed yet: its delivery may be under way. */
  graceMs: number
}

/** What a pass brought back. */
export interface Healed {
  /** Deployments whose record was not finished and had no job. */
  unfinished: number[]
  /** GUIDs that GitHub was asked to deliver again. */
  redelivered: string[]
  /** Deployments that GitHub has and we did not know of. */
  deployments: number[]
  /** Deployments that GitHub has as what is deployed, where we did not know of them. */
  restored: number[]
  /** Merged pull requests without a deployment. */
  merges: number[]
  /** Checks that no delivery told us of, or whose job was lost. */
  checks: string[]
}
