import { readLocal } from '../windows/freeze-times.ts'
import { readClock } from '../windows/words.ts'
import { type Fault, valueAt } from './describe-issue.ts'
import type { Path } from './problem.ts'

/*
 * What approvals, windows and freezes ask for as a whole, in a tree that may be wrong elsewhere.
 */

/** Windows that are never open, or say always in a way that could be meant otherwise. */
export function checkWindows(path: Path, windows: unknown): Fault[] {
  return items(windows).flatMap((window, index) => {
    const [from, to] = [clockAt(window, 'from'), clockAt(window, 'to')]
    const fault = (key: string, message: string): Fault[] => [
      { path: [...path, index, key], at: 'value', message },
    ]
    if (from === 1440) return fault('from', 'is the end of the day: write 00:00 of the next')
    if (from === undefined || from !== to) return []
    return fault('to', 'is the same as from; the whole day is from "00:00" to "24:00"')
  })
}

/** Freezes that end before they begin. */
export function checkFreezes(path: Path, freezes: unknown): Fault[] {
  return items(freezes).flatMap((freeze, index) => {
    const [from, until] = [localAt(freeze, 'from', false), localAt(freeze, 'until', true)]
    if (from === undefined || until === undefined || from < until) return []
    return [{ path: [...path, index, 'until'], at: 'value', message: 'is not after from' }]
  })
}

/** More approvals than there are people who may give them, where no team is named. */
export function checkApprovals(path: Path, approvals: unknown): Fault[] {
  const from = items(valueAt(approvals, ['from'])).filter((each) => typeof each === 'string')
  const people = new Set(from.map((each) => each.toLowerCase())).size
  const required = valueAt(approvals, ['required']) ?? 1
  if (people === 0 || from.some((each) => each.startsWith('@'))) return []
  if (typeof required !== 'number' || required <= people) return []
  const message = `is more than the ${people} who may approve: nothing would ever begin`
  return [{ path: [...path, 'required'], at: 'value', message }]
}

function items(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function clockAt(window: unknown, key: string): number | undefined {
  const value = valueAt(window, [key])
  return typeof value === 'string' ? readClock(value) : undefined
}

function localAt(freeze: unknown, key: string, end: boolean): number | undefined {
  const value = valueAt(freeze, [key])
  return typeof value === 'string' ? readLocal(value, end) : undefined
}
