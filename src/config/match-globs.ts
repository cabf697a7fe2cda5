import picomatch from 'picomatch'

/** What would mean something to picomatch, or to bash, and is a letter to us. */
const letters = /[\\()[\]{}|+@!^$"']/g

/**
 * Whether a name is among globs: `*` stands for letters except `/`, `**` for all letters, `?` for one. A glob that begins with
 * `!` excludes, wherever it stands; where all do, the others are among them. Case counts. All else is a letter, since
 * names of folders and tags may hold brackets and the like.
 */
export function matchGlobs(globs: readonly string[]): (name: string) => boolean {
  const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => matchOne(glob.slice(1)))
  const included = globs.filter((glob) => !glob.startsWith('!')).map(matchOne)
  return (name) =>
    (included.length === 0 || included.some((matches) => matches(name))) &&
    !excluded.some((matches) => matches(name))
}

function matchOne(glob: string): (name: string) => boolean {
  // Without the flag, ** would not reach beyond a line break, which the name of a file may hold.
  return picomatch(glob.replaceAll(letters, '\\$&'), { dot: true, flags: 's', keepQuotes: true })
}
