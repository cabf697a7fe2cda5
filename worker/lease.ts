/** A lease that is kept up while work runs. */
export interface Lease {
  /** Aborted when the lease is lost, with the reason. */
  signal: AbortSignal
  /** Renews it now; false if another has it. */
  renew(): Promise<boolean>
  stop(): void
}

/**
 * Renews a lease three times in its duration, until it is stopped or lost. It counts as lost when another has it,
 * and when Redis could not be asked for a whole duration: then another may have it, unseen.
 */
export function keepLease(renew: () => Promise<boolean>, leaseMs: number): Lease {
  const lost = new AbortController()
  let renewedAt = performance.now()
  let asking = false

  const timer = setInterval(async () => {
    if (asking) {
      if (performance.now() - renewedAt > leaseMs) {
        lost.abort(new Error('Redis could not be reached for as long as the lease on the lane lasts.'))
        clearInterval(timer)
      }
      return
    }
    asking = true
    const askedAt = performance.now()
    try {
      if (await renew()) renewedAt = askedAt
      else lost.abort(new Error('Another run has the lane.'))
    } catch {
      // Not to know is not to have: the next turns ask again, until the lease has run out.
    } finally {
      asking = false
    }
  }, leaseMs / 3)

  return {
    signal: lost.signal,
    renew,
    stop: () => clearInterval(timer),
  }
}
