import type { Gates } from '../src/ci/gates.ts'
import type { CiWaiting } from '../src/ci/waiting.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import type { Lanes } from '../src/deployments/lanes.ts'
import type { Logs } from '../src/deployments/log.ts'
import type { MergeOrder } from '../src/deployments/merge-order.ts'
import type { Records } from '../src/deployments/record.ts'
import type { GitHub } from '../src/github/client.ts'
import type { Logger } from '../src/log.ts'
import type { Exclusively } from './exclusively.ts'
import type { CiLooks, GateFor } from './gate-rules.ts'
import type { Merging } from './merging/tools.ts'
import type { Outbox } from './outbox.ts'
import type { RulesFor } from './rules.ts'

/** All that handlers may touch. */
export interface Tools {
  github: GitHub
  records: Records
  lanes: Lanes
  outbox: Outbox
  mergeOrder: MergeOrder
  logs: Logs
  /** What only one worker may do at a time; the key says what it is about. */
  exclusively: Exclusively
  /** The configuration, as it is now. */
  rules: RulesInForce
  rulesFor: RulesFor
  gates: Gates
  ciWaiting: CiWaiting
  gateFor: GateFor
  ciLooks: CiLooks
  merging: Merging
  /** This worker's name in the record. */
  worker: string
  leaseMs: number
  log: Logger
  /** Aborted when the worker ends and its runs have had their time. */
  ending: AbortSignal
}
