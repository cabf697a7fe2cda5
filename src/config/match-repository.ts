import picomatch from 'picomatch'

/** A name or a pattern, and what it stands for. */
export interface Named<T> {
  name: string
  rules: T
}

/**
 * The lookup of a repository among names and patterns, in which case does not count: its very name comes before all
 * patterns, a pattern with more letters of its own before one with fewer, the one written first before its equals.
 */
export function matchRepository<T>(all: readonly Named<T>[]): (fullName: string) => T | undefined {
  const exact = new Map(
    all.filter(({ name }) => !isPattern(name)).map(({ name, rules }) => [name.toLowerCase(), rules]),
  )
  const patterns = all
    .filter(({ name }) => isPattern(name))
    .map(({ name, rules }) => ({
      matches: picomatch(name, { nocase: true, dot: true, noextglob: true, nobrace: true, nobracket: true }),
      letters: name.replaceAll(/[*?]/g, '').length,
      rules,
    }))
    .sort((a, b) => b.letters - a.letters)
  return (fullName) =>
    exact.get(fullName.toLowerCase()) ?? patterns.find(({ matches }) => matches(fullName))?.rules
}

/** Whether a name in the file stands for many. */
export function isPattern(name: string): boolean {
  return /[*?]/.test(name)
}
