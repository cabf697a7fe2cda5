import type { Access } from '../../src/access/access.ts'
import type { RunCommand } from '../../src/commands/run-command.ts'
import type { DeploymentRecord } from '../../src/deployments/deployment-record.ts'
import type { DeploymentFilter } from '../../src/deployments/list.ts'
import type { Repository } from '../../src/jobs/job.ts'
import type { Overview } from '../../src/overview/overview.ts'
import type { CiLooks } from '../gate-rules.ts'
import type { CommandMemory } from './memory.ts'

/** What commands in comments need besides what every handler has. */
export interface Commanding {
  /** Does them, by the operations; what people may do is asked of GitHub at that moment. */
  run: RunCommand
  access: Pick<Access, 'roleOf'>
  memory: CommandMemory
  overview: Pick<Overview, 'lanes'>
  newest(filter: DeploymentFilter, limit: number): Promise<DeploymentRecord[]>
  /** Has those who follow something look at once. */
  wake(topic: string): Promise<void>
  /** How often a command that is followed is looked at by itself. */
  pace: CiLooks
  links: CommandLinks
}

/** Addresses that our comments lead to. */
export interface CommandLinks {
  log(repository: Repository, deployment: number): string
  why(repository: Repository, environment: string): string
  commit(repository: Repository, sha: string): string
}

/** Soon at first; that a deployment got a status wakes it anyway. */
export const usualCommandPace: CiLooks = { firstMs: 1000, longestMs: 60_000 }
