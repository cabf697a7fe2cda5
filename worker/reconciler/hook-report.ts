import type { DeliveryAttempt, Hook } from '../../src/github/hooks.ts'

/** A hook with those of its delivery attempts that were not looked at before. */
export interface HookHistory {
  hook: Hook
  attempts: DeliveryAttempt[]
  /** Asks GitHub to make one of them again. */
  redeliver(attemptId: string): Promise<void>
}

/** What GitHub says of a repository's hooks: ours, or that we may not know. */
export type HookReport =
  | { readable: true; hooks: Hook[]; histories: HookHistory[]; removed: boolean }
  | { readable: false }
