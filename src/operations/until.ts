import { setTimeout as sleep } from 'node:timers/promises'

const everyMs = 100

/** Asks again and again, until there is an answer or the time is over: then it is undefined. */
export async function until<T>(limitMs: number, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + limitMs
  for (;;) {
    const found = await ask()
    if (found !== undefined || performance.now() >= end) return found
    await sleep(everyMs)
  }
}
