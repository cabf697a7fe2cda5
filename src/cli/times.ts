import { readDuration } from '../config/duration.ts'
import { briefly } from '../span-text.ts'
import { exitStatus, Stop } from './exit-status.ts'

/** How long ago something was: `5 min ago`; `-` for never. Pure. */
export function ago(at: string | number | null | undefined, nowMs = Date.now()): string {
  return at === null || at === undefined ? '-' : `${briefly(nowMs - new Date(at).getTime())} ago`
}

/** When something will be: `in 2 h`; `-` for never. Pure. */
export function ahead(at: string | number | null | undefined, nowMs = Date.now()): string {
  if (at === null || at === undefined) return '-'
  const left = new Date(at).getTime() - nowMs
  return left <= 0 ? 'now' : `in ${briefly(left)}`
}

/** Reads a duration such as `90s`, `30m`, `2h`, `7d`. @throws {Stop} */
export function durationOf(text: string, option: string): number {
  const days = /^(\d+)d$/.exec(text)?.[1]
  const ms = days === undefined ? readDuration(text) : Number(days) * 24 * 3_600_000
  if (ms !== undefined && ms > 0) return ms
  throw new Stop(
    exitStatus.askedWrongly,
    `${option} takes a duration such as 90s, 30m, 2h or 7d, not "${text}".`,
  )
}

/** Reads a time: ISO 8601, without a zone in this machine's. Gives ISO 8601 with one. @throws {Stop} */
export function timeOf(text: string, option: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? new Date(text.replace(' ', 'T')) : new Date(Number.NaN)
  if (!Number.isNaN(at.getTime())) return at.toISOString()
  throw new Stop(
    exitStatus.askedWrongly,
    `${option} takes a time such as "2026-12-24 18:00" or 2026-12-24T18:00:00+01:00, not "${text}".`,
  )
}
