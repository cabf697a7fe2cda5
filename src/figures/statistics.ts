/** The value below which `share` (0 to 1) of the values lie, between two of them where it falls so; undefined of none. Pure. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  if (below === undefined || above === undefined) return undefined
  return below + (above - below) * (place - Math.floor(place))
}

/** The value in the middle; undefined of none. Pure. */
export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5)
}
