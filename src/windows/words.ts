import { DateTime } from 'luxon'
import type { WeeklyWindow } from './windows.ts'

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** A moment by a zone's clock: `Mon 2026-01-05 09:00 Europe/Paris`. Pure. */
export function momentWords(atMs: number, zone = 'UTC'): string {
  return `${at(atMs, zone).toFormat('ccc yyyy-MM-dd HH:mm')} ${zone}`
}

/** When something that began at `sinceMs` ends, in UTC, with the day if it is another: `14:00 UTC`. Pure. */
export function untilWords(untilMs: number, sinceMs: number): string {
  const [until, since] = [at(untilMs, 'UTC'), at(sinceMs, 'UTC')]
  return until.hasSame(since, 'day') ? `${until.toFormat('HH:mm')} UTC` : momentWords(untilMs)
}

function at(ms: number, zone: string): DateTime {
  return DateTime.fromMillis(ms, { zone }).setLocale('en')
}

/** A window in words: `mon-fri 09:00 to 16:00 (Europe/Paris)`. Pure. */
export function windowWords({ days, from, to, zone }: WeeklyWindow): string {
  return `${daysWords(days)} ${clockWords(from)} to ${clockWords(to)}${to > from ? '' : ' of the next day'} (${zone})`
}

function daysWords(days: readonly number[]): string {
  if (days.length === 7) return 'daily'
  const [first = 1] = days
  const isRun = days.length > 2 && days.every((day, index) => day === first + index)
  const name = (day: number) => dayNames[day - 1] ?? ''
  return isRun ? `${name(first)}-${name(first + days.length - 1)}` : days.map(name).join(',')
}

function clockWords(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
}

/** The days of `mon-fri`, `sat`, `mon,wed,fri` or `daily`, in the week's order; undefined if it is none of these. Pure. */
export function readDays(text: string): number[] | undefined {
  if (text === 'daily') return [1, 2, 3, 4, 5, 6, 7]
  const parts = text.split(',').map((part) => readRange(part.trim()))
  if (parts.some((part) => part === undefined)) return undefined
  return [...new Set(parts.flatMap((part) => part ?? []))].sort()
}

/** `mon`, `mon-fri`, or `sat-mon` across the end of the week. */
function readRange(text: string): number[] | undefined {
  const [, first = '', last = first] = /^([a-z]{3})(?:-([a-z]{3}))?$/.exec(text) ?? []
  const [from, to] = [dayNames.indexOf(first), dayNames.indexOf(last)]
  if (from < 0 || to < 0) return undefined
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => ((from + index) % 7) + 1)
}

/** The minutes after midnight of `09:00`, up to 24:00; undefined if it is no time of day. Pure. */
export function readClock(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text) ?? []
  const read = Number(hours) * 60 + Number(minutes)
  return read <= 1440 ? read : undefined
}

/** That the windows are closed, when one opens, and who can let something pass, in at most 140 code points. Pure. */
export function closedWords(opensAt: number, zone: string): string {
  return `Outside its windows: opens ${momentWords(opensAt, zone)}. An approver can override it.`
}
