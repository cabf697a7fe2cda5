/** What is compared, in the order of a round: turned round in every other, so that nobody always goes first. Pure. */
export function inTurn<T>(items: readonly T[], round: number): T[] {
  return round % 2 === 0 ? [...items] : items.toReversed()
}
