/** All that was measured, by name: one value a round. Names are `part.what.who.figure`, such as `ingest.json.16.product.cpuMs`. */
export interface Figures {
  add(name: string, value: number | undefined): void
  /** The values of a name, in the order of the rounds; none if it was not measured. */
  of(name: string): readonly number[]
  /** One by the other, of the same round: both had the same machine. */
  ratio(name: string, by: string): readonly number[]
  all(): Record<string, readonly number[]>
}

export function createFigures(): Figures {
  const found = new Map<string, number[]>()
  const of = (name: string): readonly number[] => found.get(name) ?? []
  return {
    of,
    add(name, value) {
      if (value === undefined || Number.isNaN(value)) return
      const values = found.get(name) ?? []
      found.set(name, [...values, value])
    },
    ratio(name, by) {
      const others = of(by)
      return of(name).flatMap((value, round) => {
        const other = others[round]
        return other === undefined || other === 0 ? [] : [value / other]
      })
    },
    all: () => Object.fromEntries(found),
  }
}
