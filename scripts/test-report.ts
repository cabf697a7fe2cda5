import { Parser, type Result } from 'tap-parser'
import { count, type Tally } from './count-tap.ts'

/**
 * Reads the TAP of a test run as it comes and tells it to a person: a line a file, what failed with its
 * details. Gives the parser to write to; `tally` counts along.
 */
export function tellTests(tally: Tally, print: (line: string) => void): Parser {
  const parser = new Parser()
  const failures: Result[] = []
  collectFailures(parser, failures)
  count(parser, tally)
  parser.on('extra', (text: string) => print(text.trimEnd()))
  parser.on('bailout', (reason: string) => print(`Bail out! ${reason}`))
  // At the top level each test point is a file.
  parser.on('assert', (file: Result) => {
    print(`${verdict(file)} ${file.name}${inSeconds(file.time)}`)
    for (const failure of failures.splice(0)) print(describe(failure))
  })
  return parser
}

function verdict(file: Result): string {
  if (file.skip) return 'skip'
  return file.ok ? 'pass' : 'FAIL'
}

function inSeconds(ms: number | null): string {
  return ms === null ? '' : ` (${(ms / 1000).toFixed(1)} s)`
}

/** What failed and no part of it did: the rest only repeats it. */
function collectFailures(parser: Parser, failures: Result[]): void {
  let before = 0
  let closing = false
  parser.on('child', (child: Parser) => {
    before = failures.length
    closing = true
    collectFailures(child, failures)
  })
  parser.prependListener('assert', (result: Result) => {
    const isNews = !closing || failures.length === before
    closing = false
    if (!result.ok && !result.skip && !result.todo && isNews) failures.push(result)
  })
}

function describe(failure: Result): string {
  const details = Object.entries(failure.diag ?? {}).map(([key, value]) => describeDetail(key, value))
  return [`\n  not ok: ${failure.fullname}`, ...details, ''].join('\n')
}

function describeDetail(key: string, value: unknown): string {
  if (key === 'at' && isPlace(value)) return `    at ${value.fileName}:${value.lineNumber}`
  const text = typeof value === 'string' ? value.trimEnd() : JSON.stringify(value, undefined, 2)
  if (!text.includes('\n')) return `    ${key}: ${text}`
  return `    ${key}:\n${text.replace(/^/gm, '      ')}`
}

function isPlace(value: unknown): value is { fileName: string; lineNumber: number } {
  return typeof value === 'object' && value !== null && 'fileName' in value && 'lineNumber' in value
}
