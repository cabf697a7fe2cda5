/** How much each address had us look at for nothing: bodies whose signature was wrong. */
export interface WrongSignatures {
  /** Notes one. */
  note(address: string, bytes: number): void
  /** For how many ms no large body is taken from there; 0 if one is. */
  waitMs(address: string): number
}

interface Waste {
  bytes: number
  beganAt: number
}

const windowMs = 60_000
const mostBytes = 64 * 1024 * 1024
const mostAddresses = 10_000

/**
 * In this process: it is its processor that is saved. What is small costs next to nothing and is always looked at, so that a
 * forger does not keep out GitHub behind the same proxy; what is large waits for a minute at the most.
 */
export function createWrongSignatures(clock: () => number): WrongSignatures {
  const wasted = new Map<string, Waste>()
  const current = (address: string): Waste | undefined => {
    const found = wasted.get(address)
    return found && clock() - found.beganAt < windowMs ? found : undefined
  }
  return {
    note(address, bytes) {
      const { bytes: before, beganAt } = current(address) ?? { bytes: 0, beganAt: clock() }
      // Anew at the end: those that are at the beginning are the oldest.
      wasted.delete(address)
      wasted.set(address, { bytes: before + bytes, beganAt })
      if (wasted.size <= mostAddresses) return
      const [oldest] = wasted.keys()
      if (oldest !== undefined) wasted.delete(oldest)
    },
    waitMs(address) {
      const found = current(address)
      return found && found.bytes >= mostBytes ? found.beganAt + windowMs - clock() : 0
    },
  }
}
