/** A hash as a script gives it, names and values in turn. */
export function toHash(list: readonly string[]): Record<string, string> {
  const hash: Record<string, string> = {}
  for (let index = 0; index < list.length; index += 2) hash[list[index] ?? ''] = list[index + 1] ?? ''
  return hash
}
