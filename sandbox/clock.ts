import { performance } from 'node:perf_hooks'

/** Milliseconds since the epoch, with fractions, never going backwards. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
