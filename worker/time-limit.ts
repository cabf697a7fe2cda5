/** A run's own signal, aborted as well when its time is over. */
export interface TimeLimit {
  signal: AbortSignal
  /** Whether it was the time that ended it. */
  isOver(): boolean
  /** Forgets the timer, and the signal that was given. */
  stop(): void
}

/**
 * Limits the time of something that a signal stops. As AbortSignal.any and AbortSignal.timeout together, but the
 * timer keeps the process alive and the signal in memory until it is stopped.
 */
export function limitTime(given: AbortSignal, limitMs: number): TimeLimit {
  const controller = new AbortController()
  let over = false
  const timer = setTimeout(() => {
    over = true
    controller.abort(new Error('The time is over.'))
  }, limitMs)
  const pass = () => controller.abort(given.reason)
  if (given.aborted) pass()
  else given.addEventListener('abort', pass, { once: true })
  return {
    signal: controller.signal,
    isOver: () => over,
    stop: () => {
      clearTimeout(timer)
      given.removeEventListener('abort', pass)
    },
  }
}
