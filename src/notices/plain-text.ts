import type { Line, Span } from './message.ts'

/** A line as plain text: links are their text, people their logins. Pure. */
export function plainText(line: Line): string {
  return line.map(wordsOf).join('')
}

/** The text of a span. Pure. */
export function wordsOf(span: Span): string {
  return span.kind === 'person' ? span.login : span.text
}
