import { setTimeout as sleep } from 'node:timers/promises'

const limitMs = 60_000

/** Waits until a condition holds; an error is not yet. */
export async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const limit = AbortSignal.timeout(limitMs)
  while (!(await holds().catch(() => false))) {
    if (limit.aborted) throw new Error(`Waited ${limitMs / 1000} s in vain for: ${what}`)
    await sleep(50)
  }
}
