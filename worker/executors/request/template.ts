/** Templates: `{{name}}` stands for a value. All of it is pure. */

const placeholder = /\{\{\s*([\w.-]+)\s*\}\}/g

/** The value of a name; undefined if there is none. */
export type Lookup = (name: string) => string | undefined

/** The names that a text stands open for. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name)
}

/** A text with its values. They are put in once: a value that looks like a template stays what it is. */
export function fillText(text: string, lookup: Lookup): string {
  return text.replace(placeholder, (whole, name: string) => lookup(name) ?? whole)
}

/**
 * A JSON value with each string in it filled. The keys stay, and so does the shape: whatever a value holds, it is
 * part of that string.
 */
export function fillJson(template: unknown, lookup: Lookup): unknown {
  return mapStrings(template, (text) => fillText(text, lookup))
}

/** All names in the strings of a JSON value. */
export function namesInJson(template: unknown): string[] {
  const names: string[] = []
  mapStrings(template, (text) => {
    names.push(...namesIn(text))
    return text
  })
  return names
}

/**
 * An address with its values, each percent-encoded, so that it stays within its part of the path or the query.
 *
 * @throws {Error} if a value is `.` or `..`, which would name another path however it is encoded
 */
export function fillAddress(template: string, lookup: Lookup): string {
  return fillText(template, (name) => {
    const value = lookup(name)
    if (value === '.' || value === '..') throw new Error(`{{${name}}} is "${value}", which is no name.`)
    return value === undefined ? undefined : percentEncode(value)
  })
}

/** As encodeURIComponent, but a half of a character is replaced instead of thrown at. */
export function percentEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]))
}
