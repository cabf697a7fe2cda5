import type { ExecutorRules } from '../../src/config/rules.ts'
import { GiveUp } from '../../src/errors.ts'
import type { WorkerSettings } from '../../src/settings.ts'
import type { Executor } from './executor.ts'
import { simulate } from './simulate.ts'

/** What executors may need beside their own rules. */
export interface ExecutorContext {
  settings: WorkerSettings
  /** Values that no log may show. */
  secrets: readonly string[]
}

/** The executor that rules ask for; a kind without one does not compile. */
export function createExecutor(rules: ExecutorRules, _context: ExecutorContext): Executor {
  switch (rules.kind) {
    case 'simulate':
      return simulate(rules.workMs)
    case 'run':
    case 'request':
    case 'use':
      throw new GiveUp(`The executor ${rules.kind} is not supported by this version yet.`)
  }
}
