const unitsMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `500ms`, `30s`, `15m`, `2h` or `7d` in milliseconds; undefined if it is no duration. */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * unitsMs[unit as keyof typeof unitsMs]
}

/** A duration in the largest unit that gives it exactly: `90 s`, `10 min`, `2 h`, from two days on `7 days`. */
export function durationWords(ms: number): string {
  if (ms === 0) return '0 s'
  if (ms % unitsMs.d === 0 && ms > unitsMs.d) return `${ms / unitsMs.d} days`
  if (ms % unitsMs.h === 0) return `${ms / unitsMs.h} h`
  if (ms % unitsMs.m === 0) return `${ms / unitsMs.m} min`
  return ms % unitsMs.s === 0 ? `${ms / unitsMs.s} s` : `${ms} ms`
}
