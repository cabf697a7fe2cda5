import { type Day, dayAt, dayMs, firstMoment, weekdayOf } from './local-time.ts'

/** A time of the week in which deployments may begin. */
export interface WeeklyWindow {
  /** 1 is Monday, 7 Sunday. */
  days: readonly number[]
  /** In minutes after midnight. `to` is on the next day if it is not after `from`; 1440 is the end of the day. */
  from: number
  to: number
  /** An IANA time zone, by whose clock it opens and closes. */
  zone: string
}

/** Whether deployments may begin. Times are milliseconds since 1970. */
export type WindowState =
  /** `closesAt` is undefined if that is more than two weeks away. */
  | { isOpen: true; closesAt: number | undefined }
  /** With the window that opens next. */
  | { isOpen: false; opensAt: number; window: WeeklyWindow }

interface Opening {
  from: number
  until: number
  window: WeeklyWindow
}

const minuteMs = 60_000

/** A window that opens once a week may lose one day to a change of the clocks, and not the next. */
const daysAhead = 15

/**
 * Whether one of the windows is open at a time, when that ends, and, while all are closed, when the next opens; without
 * windows it is always open. Pure.
 */
export function windowStateAt(windows: readonly WeeklyWindow[], atMs: number): WindowState {
  if (windows.length === 0) return { isOpen: true, closesAt: undefined }
  const openings = windows.flatMap((window) => openingsAround(window, atMs))
  const horizon = atMs + (daysAhead - 1) * dayMs
  let end = atMs
  for (const { from, until } of openings.toSorted((a, b) => a.from - b.from)) {
    if (from <= end && until > end) end = until
  }
  if (end > atMs) return { isOpen: true, closesAt: end < horizon ? end : undefined }
  const [next] = openings.filter(({ from }) => from > atMs).sort((a, b) => a.from - b.from)
  if (next === undefined) throw new Error('A window that never opens was taken for a window.')
  return { isOpen: false, opensAt: next.from, window: next.window }
}

/** When a window opens and closes, from the day before a time until two weeks after it. */
function openingsAround(window: WeeklyWindow, atMs: number): Opening[] {
  const today = dayAt(window.zone, atMs)
  return Array.from({ length: daysAhead + 2 }, (_, index) => today + (index - 1) * dayMs)
    .filter((day) => window.days.includes(weekdayOf(day)))
    .map((day) => openingOn(window, day))
    .filter(({ from, until }) => from < until)
}

function openingOn(window: WeeklyWindow, day: Day): Opening {
  const { from, to, zone } = window
  const lastDay = to > from ? day : day + dayMs
  return {
    from: firstMoment(zone, day + from * minuteMs),
    until: firstMoment(zone, lastDay + to * minuteMs),
    window,
  }
}
