import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

/** What can be written into .env as it is. */
const plain = /^[\w.:/@%+=,~-]*$/

/**
 * A text of .env with these values: lines that set them are replaced, what is not there is added, and all else stays as it is.
 * Pure.
 */
export function withVariables(text: string, values: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(values))
  const lines = text.split('\n').flatMap((line) => {
    const name = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/.exec(line)?.[1] ?? ''
    if (!(name in values)) return [line]
    const value = left.get(name)
    left.delete(name)
    // Of two lines, the last one would count.
    return value === undefined ? [] : [lineOf(name, value)]
  })
  if (lines.at(-1)?.trim() === '') lines.pop()
  const added = [...left].map(([name, value]) => lineOf(name, value))
  const result = `${[...lines, ...added].join('\n')}\n`
  if (!isRead(result, values)) throw new Error('What is to be written into .env could not be read again.')
  return result
}

function lineOf(name: string, value: string): string {
  return plain.test(value) ? `${name}=${value}` : `${name}='${value}'`
}

/** A value that begins on an earlier line may run over what is added. */
function isRead(text: string, values: Readonly<Record<string, string>>): boolean {
  const read = parseEnv(text)
  return Object.entries(values).every(([name, value]) => read[name] === value)
}

/** Puts values into the file .env, which from then on only its owner may read. */
export function writeDotEnv(values: Readonly<Record<string, string>>): void {
  const text = existsSync('.env') ? readFileSync('.env', 'utf8') : ''
  writePrivately('.env', withVariables(text, values))
}

/** Writes a file for its owner alone: it is there whole, or not at all. */
export function writePrivately(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`
  writeFileSync(beside, text, { mode: 0o600 })
  chmodSync(beside, 0o600)
  renameSync(beside, file)
}
