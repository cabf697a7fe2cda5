/** What of the process's memory bodies may take while they come in. Whoever sends much at once cannot exhaust it. */
export interface BodyBudget {
  /** Begins a body that comes from this address, as long as it says; NaN: it does not say. */
  open(address: string, length: number): BodyShare
}

/** What one body takes of it. */
export interface BodyShare {
  /** Whether there is room for so many bytes more; there is none for good once there was none. */
  take(bytes: number): boolean
  /** Gives back all that it took. */
  close(): void
}

export interface BudgetSizes {
  /** What says that it is no longer counts as small. Nearly all that GitHub sends does. */
  smallBytes: number
  /** For all small bodies together. */
  forSmall: number
  /** For all others together. */
  forLarge: number
}

const mebibyte = 1024 * 1024

/** For GitHub's payloads, which may be large. */
export const webhookSizes: BudgetSizes = {
  smallBytes: mebibyte / 4,
  forSmall: 32 * mebibyte,
  forLarge: 96 * mebibyte,
}

/** For what chats and those who were called send, which is short. */
export const shortSizes: BudgetSizes = {
  smallBytes: mebibyte / 64,
  forSmall: 8 * mebibyte,
  forLarge: 16 * mebibyte,
}

/** What each piece of a body takes beside its bytes: somebody may send it one at a time. */
const pieceBytes = 512

/**
 * Two pots: those who fill the one for large bodies are not in the way of small ones. Of each pot, one address gets half at the
 * most, so that one alone is in nobody's way.
 */
export function openBodyBudget(sizes: BudgetSizes): BodyBudget {
  const small = createPot(sizes.forSmall)
  const large = createPot(sizes.forLarge)
  return {
    open(address, length) {
      const pot = length <= sizes.smallBytes ? small : large
      let taken = 0
      return {
        take(bytes) {
          if (!pot.take(address, bytes + pieceBytes)) return false
          taken += bytes + pieceBytes
          return true
        },
        close() {
          pot.giveBack(address, taken)
          taken = 0
        },
      }
    },
  }
}

interface Pot {
  take(address: string, bytes: number): boolean
  giveBack(address: string, bytes: number): void
}

function createPot(size: number): Pot {
  const takenBy = new Map<string, number>()
  let taken = 0
  return {
    take(address, bytes) {
      if (bytes === 0) return true
      const its = (takenBy.get(address) ?? 0) + bytes
      if (taken + bytes > size || its > size / 2) return false
      taken += bytes
      takenBy.set(address, its)
      return true
    },
    giveBack(address, bytes) {
      if (bytes === 0) return
      taken -= bytes
      const left = (takenBy.get(address) ?? 0) - bytes
      if (left > 0) takenBy.set(address, left)
      else takenBy.delete(address)
    },
  }
}
