import type { FinalResults, Parser, Result } from 'tap-parser'

export type Tally = {
  passed: number
  failed: number
  /** Each skipped (or to-do) test point: where it is and why. */
  skipped: { name: string; reason: string }[]
}

export function emptyTally(): Tally {
  return { passed: 0, failed: 0, skipped: [] }
}

/** Adds the test points at the leaves of a TAP stream: assertions, not the tests and files around them. */
export function count(parser: Parser, tally: Tally): void {
  countLeaves(parser, tally)
  parser.on('complete', (results: FinalResults) => {
    // Cut off, bailed out, or not all there that was planned.
    if (!results.ok && tally.failed === 0) tally.failed++
  })
}

function countLeaves(parser: Parser, tally: Tally): void {
  // A subtest's own lines come first, then one line in its parent that closes it.
  let inner: { points: number; failed: number } | undefined
  parser.on('child', (child: Parser) => {
    inner = { points: pointsOf(tally), failed: tally.failed }
    countLeaves(child, tally)
  })
  parser.on('assert', (result: Result) => {
    const before = inner
    inner = undefined
    if (before && !closesWithNews(result, before, tally)) return
    add(result, tally)
  })
}

/** A closing line counts when it says what no line inside did: skipped whole, or failed as a whole (time-out). */
function closesWithNews(result: Result, before: { points: number; failed: number }, tally: Tally): boolean {
  if (!result.ok && !isSkipped(result)) return tally.failed === before.failed
  return isSkipped(result) && pointsOf(tally) === before.points
}

function add(result: Result, tally: Tally): void {
  if (isSkipped(result)) {
    const reason = result.skip || result.todo
    const name = String(result.fullname)
    tally.skipped.push({ name, reason: typeof reason === 'string' ? reason : 'no reason given' })
  } else if (result.ok) tally.passed++
  else tally.failed++
}

function isSkipped(result: Result): boolean {
  return Boolean(result.skip || result.todo)
}

function pointsOf(tally: Tally): number {
  return tally.passed + tally.failed + tally.skipped.length
}

/** The last line of a test run. */
export function summarize({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`
}
