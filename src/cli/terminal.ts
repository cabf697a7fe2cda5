import { styleText } from 'node:util'
import { safeText } from './safe-text.ts'

/** A style of node:util's `styleText`. */
export type Style = Parameters<typeof styleText>[0]
type Stream = NodeJS.WriteStream

const usualColumns = 80

/** Whether people read standard output as it comes. */
export function isTerminal(stream: Stream = process.stdout): boolean {
  return stream.isTTY === true
}

/** How wide a line may be: the terminal's width; as long as it is elsewhere. */
export function columnsOf(stream: Stream = process.stdout): number {
  if (!isTerminal(stream)) return Number.POSITIVE_INFINITY
  return stream.columns > 0 ? stream.columns : usualColumns
}

/** A text in a style, if the stream takes colours: NO_COLOR and FORCE_COLOR are respected. */
export function paint(style: Style, text: string, stream: Stream = process.stdout): string {
  return styleText(style, text, { stream })
}

/** A line of the result, on standard output. */
export function print(line = ''): void {
  process.stdout.write(`${shown(line, process.stdout)}\n`)
}

/** A line of progress, or about what went wrong, on standard error. */
export function note(line: string): void {
  process.stderr.write(`${shown(line, process.stderr)}\n`)
}

/** What a server answered, as one JSON document: for people on a terminal with line breaks. */
export function printJson(value: unknown): void {
  printJsonText(JSON.stringify(value, null, isTerminal() ? 2 : undefined))
}

/** As one line of many. */
export function printJsonLine(value: unknown): void {
  printJsonText(JSON.stringify(value))
}

/** JSON escapes the control characters below a blank itself. */
function printJsonText(json: string): void {
  const escaped = json.replace(
    /[\u007f-\u009f]/g,
    (character) => `\\u00${character.charCodeAt(0).toString(16)}`,
  )
  process.stdout.write(`${escaped}\n`)
}

/** A line as it may be written to a stream. */
export function shown(line: string, stream: Stream): string {
  return safeText(line, styleText('bold', 'x', { stream }) !== 'x')
}
