import type { Finding } from './finding.ts'
import { aside } from './redis.ts'

const of = 'clock'
const noticedMs = 10_000
/** GitHub takes no JWT of an App that is made a minute in the future. @see https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const brokenMs = 60_000

/** What GitHub's `Date` says of our clock; undefined if it says none. Pure. */
export function clockFinding(date: string, nowMs: number): Finding | undefined {
  const theirs = Date.parse(date)
  if (Number.isNaN(theirs)) return undefined
  // It is cut to the second.
  const aheadMs = nowMs - (theirs + 500)
  if (Math.abs(aheadMs) < noticedMs) return { level: 'ok', of, text: "as GitHub's" }
  const todo = 'Set it, and let it be kept right: timedatectl set-ntp true.'
  return {
    ...{ level: Math.abs(aheadMs) < brokenMs ? 'warn' : 'fail', of },
    ...{ text: `this machine's is ${aside(aheadMs)} of GitHub's`, todo },
  }
}
