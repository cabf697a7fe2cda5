/** A query without the fields that a form left empty: they mean the same as none. Pure. */
export function given(query: unknown): Record<string, unknown> {
  if (typeof query !== 'object' || query === null) return {}
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== ''))
}
