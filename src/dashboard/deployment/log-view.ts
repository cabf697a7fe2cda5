import { stripVTControlCharacters } from 'node:util'
import type { LogId, Logs } from '../../deployments/log.ts'
import { createAnsi } from '../ansi.ts'

/** A line as it is shown. */
export interface ShownLine {
  id: string
  number: number
  /** Escaped, with classes for the colours. */
  html: string
}

/** The part of a log that one page shows. */
export interface LogView {
  lines: ShownLine[]
  total: number
  /** The line that tells best what went wrong. */
  failure?: number
}

/** A page shows this many lines. */
export const shownLines = 1000

/** Reads the end of a log, or what comes before a line. */
export async function readLogView(
  logs: Logs,
  id: LogId,
  until: number | undefined,
  hasFailed: boolean,
): Promise<LogView> {
  const { lines, first, total } = await logs.readEnd(id, shownLines, until)
  const toHtml = createAnsi()
  const shown = lines.map((line, index) => ({ id: line.id, number: first + index, html: toHtml(line.text) }))
  const failure = hasFailed ? findFailure(lines.map(({ text }) => text)) : undefined
  return { lines: shown, total, ...(failure === undefined ? {} : { failure: first + failure }) }
}

const telling =
  /\b(error|errors|fatal|failed|failure|exception|panic|traceback|not ok|denied|refused|killed)\b|✗|✖|ERR!/i
/** What says the opposite. */
const harmless = /\b(0|no|without) (errors?|fail(ed|ures?)|exceptions?)\b|\b(errors?|fail(ed|ures?)): 0\b/i

/**
 * The index of the line that tells best what went wrong: the first of the last run of lines that speak of an error, since one
 * cause is often told in several; the last line that says anything, if none does. Pure.
 */
export function findFailure(raw: readonly string[]): number | undefined {
  const lines = raw.map(stripVTControlCharacters)
  // What begins so is the command itself.
  const isTelling = (text: string | undefined) =>
    text !== undefined && telling.test(text) && !harmless.test(text) && !text.startsWith('$ ')
  let index = lines.findLastIndex(isTelling)
  if (index === -1) index = lines.findLastIndex((text) => text.trim() !== '')
  else while (isTelling(lines[index - 1])) index--
  return index === -1 ? undefined : index
}
