import type { World } from './world.ts'

/**
 * Waits until `predicate` gives something truthy: it is asked now and after every change in the sandbox.
 * Rejects after `timeoutMs` (10 000), saying `what` was waited for.
 */
export type Whenever = <T>(
  predicate: () => T,
  options?: { what?: string; timeoutMs?: number },
) => Promise<NonNullable<T>>

export function wheneverOf(world: World): Whenever {
  return (predicate, { what = String(predicate), timeoutMs = 10_000 } = {}) =>
    new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer)
        world.changes.off('change', look)
        settle()
      }
      const look = () => {
        try {
          const found = predicate()
          if (found) end(() => resolve(found))
        } catch (error) {
          end(() => reject(error))
        }
      }
      const late = () => end(() => reject(new Error(`Waited ${timeoutMs} ms in vain for: ${what}`)))
      const timer = setTimeout(late, timeoutMs)
      world.changes.on('change', look)
      look()
    })
}
