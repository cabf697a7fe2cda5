/** The middle of what was measured, and how far it was apart. */
export interface Summary {
  median: number
  min: number
  max: number
  count: number
}

/** The value below which a share of the others lies; NaN if there are none. Pure. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return below === undefined || above === undefined ? Number.NaN : below + (above - below) * (at % 1)
}

/** Pure. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Pure. */
export function summarize(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), count: values.length }
}

/** How far the values are apart, as a share of their median: (max - min) / median. Pure. */
export function spread(values: readonly number[]): number {
  const { median, min, max } = summarize(values)
  return values.length === 0 ? 0 : (max - min) / median
}
