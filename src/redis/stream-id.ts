/** The id before all entries of a Redis stream. */
export const beforeAll = '0-0'

/** Whether one entry of a Redis stream comes after another; '' comes before all. Pure. */
export function isNewer(id: string, other: string): boolean {
  const [ms = '0', sequence = '0'] = id.split('-')
  const [otherMs = '0', otherSequence = '0'] = other.split('-')
  const difference = BigInt(ms) - BigInt(otherMs)
  return difference > 0n || (difference === 0n && BigInt(sequence) > BigInt(otherSequence))
}
