/** The one of the known words that was probably meant; undefined if none is near. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const most = word.length < 4 ? 1 : 2
  const near = known
    .map((each) => ({ each, distance: distanceOf(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ distance, each }) => distance <= most && distance < each.length)
    .sort((a, b) => a.distance - b.distance)
  return near[0]?.each
}

/** How many letters must be changed, added, left out, or swapped with their neighbour. */
function distanceOf(from: string, to: string): number {
  let before: number[] = []
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1)
      let least = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
      if (from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? Number.POSITIVE_INFINITY) + 1)
      }
      next.push(least)
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
