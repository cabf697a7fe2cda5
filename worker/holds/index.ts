import { approvals } from './approvals.ts'
import { checks } from './checks.ts'
import { freeze } from './freeze.ts'
import type { Hold } from './hold.ts'
import { lock } from './lock.ts'
import { wait } from './wait.ts'
import { window } from './window.ts'
import { workers } from './workers.ts'

/**
 * All that may hold a deployment back. While several do, GitHub shows the reason of the first: what makes the others idle, what
 * somebody can end, what only time does.
 */
export const holds: readonly Hold[] = [workers, lock, freeze, approvals, window, wait, checks]
