import { IANAZone } from 'luxon'

/** A day of the calendar, of no place: its midnight as if that were in UTC, in milliseconds since 1970. */
export type Day = number

export const dayMs = 24 * 3_600_000
const minuteMs = 60_000

/** Whether this names a time zone of the IANA's database, such as Europe/Paris. */
export function isZone(name: string): boolean {
  // Intl takes +02:00 as well, which would not know of daylight saving.
  return /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name)
}

/** The day that it is in a zone at a time. Pure. */
export function dayAt(zone: string, atMs: number): Day {
  const local = atMs + offsetMs(zone, atMs)
  return Math.floor(local / dayMs) * dayMs
}

/** The day's place in the week: 1 is Monday, 7 Sunday. Pure. */
export function weekdayOf(day: Day): number {
  return ((new Date(day).getUTCDay() + 6) % 7) + 1
}

/**
 * The first moment at which a zone's clock shows this time or a later one, in milliseconds since 1970. Of a time that comes twice,
 * as clocks are put back, that is the first; of one that is left out, the moment when they are put forward. Pure.
 *
 * @param local the day and the time of day, as if they were in UTC
 */
export function firstMoment(zone: string, local: number): number {
  // No zone changes its clocks twice within two days, nor is any further than 15 hours from UTC.
  const before = offsetMs(zone, local - dayMs)
  const after = offsetMs(zone, local + dayMs)
  if (offsetMs(zone, local - before) === before) return local - before
  if (offsetMs(zone, local - after) === after) return local - after
  return changeBetween(zone, local - after, local - before)
}

/** The moment between two at which the clocks are put forward: they change at full minutes. */
function changeBetween(zone: string, early: number, late: number): number {
  const before = offsetMs(zone, early)
  let low = Math.floor(early / minuteMs)
  let high = Math.ceil(late / minuteMs)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (offsetMs(zone, middle * minuteMs) === before) low = middle
    else high = middle
  }
  return high * minuteMs
}

function offsetMs(zone: string, atMs: number): number {
  return IANAZone.create(zone).offset(atMs) * minuteMs
}
