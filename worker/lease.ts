/** A lease that is kept up while work runs. */
export interface Lease {
  /** Aborted when the lease is lost, with the reason. */
  signal: AbortSignal
  /** Renews it now; false if another has it. */
  renew(): Promise<boolean>
  stop(): void
}

/** The share of a lease after which an unrenewed one is given up: the rest is for the work to stop in. */
const usableShare = 0.9

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
  let asking = false
  let over = false

  const stop = () => {
    over = true
    clearInterval(timer)
    clearTimeout(deadline)
  }
  const lose = (reason: string) => {
    stop()
    lost.abort(new Error(reason))
  }
  // A timer of its own: it strikes on time, and at once in a process that was paused for longer than the lease.
  const startDeadline = (since: number) =>
    setTimeout(
      () => lose('Redis could not be reached for as long as the lease lasts.'),
      Math.max(0, since + usableShare * leaseMs - performance.now()),
    )
  let deadline = startDeadline(heldSince)

  const timer = setInterval(async () => {
    if (asking) return
    asking = true
    const askedAt = performance.now()
    try {
      const isOurs = await renew()
      if (over) return
      if (!isOurs) return lose('Another has the lease.')
      clearTimeout(deadline)
      deadline = startDeadline(askedAt)
    } catch {
      // Not to know is not to have: the next turns ask again, until the lease has run out.
    } finally {
      asking = false
    }
  }, leaseMs / 3)

  return { signal: lost.signal, renew, stop }
}
