import { dayMs, firstMoment } from './local-time.ts'

/** A date, or a date and a time of day, as the file has it. */
const shape = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2}))?)?$/

/**
 * A date or date-time of the file as if it were in UTC, in milliseconds since 1970: a date alone is its beginning, or its `end`.
 * Undefined if there is no such day or time. Pure.
 */
export function readLocal(text: string, end = false): number | undefined {
  const [, date, time, seconds] = shape.exec(text) ?? []
  if (date === undefined) return undefined
  const day = Date.parse(`${date}T00:00:00Z`)
  // Date knows no 31 February, but takes it for the 3 March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== date) return undefined
  if (time === undefined) return end ? day + dayMs : day
  const at = Date.parse(`${date}T${time}:${seconds ?? '00'}Z`)
  return Number.isNaN(at) ? undefined : at
}

/** A date or date-time of the file by a zone's clock, in milliseconds since 1970. Pure. */
export function momentOf(text: string, zone: string, end = false): number | undefined {
  const local = readLocal(text, end)
  return local === undefined ? undefined : firstMoment(zone, local)
}
