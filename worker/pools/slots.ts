/** How many jobs a process works on side by side, of whichever queues. */
export interface Slots {
  /** Takes one; false if there is none. */
  take(): boolean
  /** Gives one back. */
  give(): void
}

/** So many slots. `onChange` hears when the last is taken, and when there is one again. */
export function openSlots(many: number, onChange: (isFull: boolean) => void): Slots {
  let taken = 0
  return {
    take() {
      if (taken >= many) return false
      taken++
      if (taken === many) onChange(true)
      return true
    },
    give() {
      taken--
      if (taken === many - 1) onChange(false)
    },
  }
}
