/**
 * How long work may go on unless it is extended. A paused process cannot hear a signal: whoever works on its behalf must
 * know the time, and end by itself. Times are by `performance.now()`.
 */
export interface Term {
  until(): number
  /** What is still at work then has so long to end. */
  graceMs: number
  /** Calls the listener each time that it is extended, until the function that is given is called. */
  onExtended(listener: () => void): () => void
}

/** A lease that is kept up while work runs. */
export interface Lease {
  /** Aborted when the lease is lost, with the reason. Made when it is first asked for: it costs more than all else of a lease. */
  readonly signal: AbortSignal
  isLost(): boolean
  term: Term
  /**
   * Renews it now; false if another has it, or may have had it since.
   *
   * @param step renews it in Redis, in the place of what does so usually
   */
  renew(step?: () => Promise<boolean>): Promise<boolean>
  stop(): void
}

/** The share of a lease after which an unrenewed one is given up: the rest is for the work to stop in. */
const usableShare = 0.9
/** Of that rest, this share is for the work; then it is ended the hard way, before another may begin. */
const graceShare = 0.05

/**
 * Renews a lease three times in its duration, until it is stopped or lost. It counts as lost when another has it,
 * and when Redis could not be asked for nearly a whole duration: then another may soon have it, unseen.
 *
 * @param heldSince when it was asked for, by `performance.now()`
 */
export function keepLease(
  renew: () => Promise<boolean>,
  leaseMs: number,
  heldSince: number = performance.now(),
): Lease {
  const lost = new AbortController()
  let heldUntil = heldSince + usableShare * leaseMs
  let asking = false
  let over = false
  let isLost = false
  const listeners = new Set<() => void>()

  const stop = () => {
    over = true
    clearInterval(timer)
    clearTimeout(deadline)
  }
  const lose = (reason: string) => {
    stop()
    isLost = true
    lost.abort(new Error(reason))
  }
  // A timer of its own: it strikes on time, and soon in a process that was paused for longer than the lease.
  const startDeadline = () =>
    setTimeout(
      () => lose('Redis could not be reached for as long as the lease lasts.'),
      Math.max(0, heldUntil - performance.now()),
    )
  let deadline = startDeadline()

  const renewInTime = async (step = renew) => {
    const askedAt = performance.now()
    const isOurs = await step()
    // By the clock: after a pause, answers are read before timers strike. What is renewed too late was another's.
    if (!isOurs || over || performance.now() >= heldUntil) return false
    heldUntil = askedAt + usableShare * leaseMs
    clearTimeout(deadline)
    deadline = startDeadline()
    for (const listener of listeners) listener()
    return true
  }

  const timer = setInterval(async () => {
    if (asking) return
    asking = true
    try {
      if (!(await renewInTime()) && !over) lose('Another has the lease, or may have had it.')
    } catch {
      // Not to know is not to have: the next turns ask again, until the lease has run out.
    } finally {
      asking = false
    }
  }, leaseMs / 3)

  const term: Term = {
    until: () => heldUntil,
    graceMs: graceShare * leaseMs,
    onExtended(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  return {
    get signal() {
      return lost.signal
    },
    ...{ isLost: () => isLost, term, renew: renewInTime, stop },
  }
}
