/** Numbers that look like chance and are the same for the same seed. */
export interface Random {
  /** At least `from`, less than `to`. */
  between(from: number, to: number): number
  whole(from: number, to: number): number
  pick<T>(items: readonly T[]): T
  shuffle<T>(items: readonly T[]): T[]
}

/** @see https://en.wikipedia.org/wiki/Xorshift the variant mulberry32, which takes any seed */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const whole = (from: number, to: number): number => Math.floor(from + next() * (to - from))
  const shuffle = <T>(items: readonly T[]): T[] => {
    const left = [...items]
    return items.map(() => left.splice(whole(0, left.length), 1)[0] as T)
  }
  return {
    between: (from, to) => from + next() * (to - from),
    whole,
    pick: (items) => items[whole(0, items.length)] as (typeof items)[number],
    shuffle,
  }
}
