import { setTimeout as sleep } from 'node:timers/promises'

/** Waits, or until the signal: whoever goes on looks at that. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {})
}
