import type { Acts } from './acts/index.ts'
import type { ApiLog } from './api-log.ts'
import type { Faults } from './faults.ts'
import type { World } from './world.ts'

/** What the sandbox's routes work on. */
export interface ServerParts {
  world: World
  token: string
  faults: Faults
  log: ApiLog
  acts: Acts
}
