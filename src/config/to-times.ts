import { momentOf } from '../windows/freeze-times.ts'
import type { WeeklyWindow } from '../windows/windows.ts'
import { readClock, readDays } from '../windows/words.ts'
import type { FreezeRules } from './rules.ts'
import type { FreezesEntry, WindowsEntry } from './schema/times.ts'

const utc = 'UTC'

/** The windows of the file, whose words the grammar has found to be right. */
export function toWindows(entries: WindowsEntry): WeeklyWindow[] {
  return entries.map(({ days, from, to, zone }) => ({
    days: readDays(days) ?? [],
    from: readClock(from) ?? 0,
    to: readClock(to) ?? 0,
    zone: zone ?? utc,
  }))
}

/** The freezes of the file, as moments. */
export function toFreezeRules(entries: FreezesEntry): FreezeRules[] {
  return entries.map(({ from, until, zone = utc, reason }) => ({
    from: momentOf(from, zone) ?? 0,
    until: momentOf(until, zone, true) ?? 0,
    zone,
    reason,
  }))
}
