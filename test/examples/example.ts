import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** A file of an example, by its path below examples/. */
export function exampleFile(path: string): string {
  return readFileSync(resolve('examples', path), 'utf8')
}

/** A text in which each of these is replaced by what a test has in its place; all of them must be there. */
export function adapt(text: string, replacements: Record<string, string>): string {
  return Object.entries(replacements).reduce((adapted, [from, to]) => {
    if (!adapted.includes(from)) throw new Error(`The example no longer holds: ${from}`)
    return adapted.replaceAll(from, to)
  }, text)
}
