/** Reads answers that are JSON. All of it is pure. */

/** A condition on an answer: one of the fields has one of the values. */
export interface Condition {
  fields: string[][]
  values: string[]
}

/**
 * `status=live` or `data.state=done|finished`: a field, by its path, and the values that are meant. Without a
 * field, it is `state` or `status`. Undefined if it says nothing.
 */
export function readCondition(text: string): Condition | undefined {
  const at = text.indexOf('=')
  const path = text.slice(0, Math.max(at, 0)).trim()
  const values = text
    .slice(at + 1)
    .split('|')
    .map((value) => value.trim())
    .filter((value) => value !== '')
  if (values.length === 0 || (at >= 0 && path === '')) return undefined
  return { fields: at < 0 ? [['state'], ['status']] : [path.split('.')], values }
}

/** Whether an answer fulfils a condition. */
export function isTrueOf({ fields, values }: Condition, json: unknown): boolean {
  return fields.some((path) => {
    const value = textAt(json, path)
    return value !== undefined && values.includes(value)
  })
}

/** What the fields of a condition say, for the log: the first that is there. */
export function stateIn({ fields }: Condition, json: unknown): string | undefined {
  return fields.map((path) => textAt(json, path)).find((value) => value !== undefined)
}

/** A text, number or boolean in an answer by its path, as text. */
export function textAt(json: unknown, path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>(
    (at, name) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, name)
        ? (at as Record<string, unknown>)[name]
        : undefined,
    json,
  )
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined
}

/** The JSON of a text; undefined if it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
