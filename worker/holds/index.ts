import type { Hold } from './hold.ts'
import { wait } from './wait.ts'

/** All that may hold a deployment back. While several do, GitHub shows the reason of the first. */
export const holds: readonly Hold[] = [wait]
