import { cutToWidth, displayWidth } from './display-width.ts'
import { oneLine } from './safe-text.ts'
import { columnsOf, paint, print, type Style } from './terminal.ts'

/** A column of a table whose rows are of one kind. */
export interface Column<Row> {
  title: string
  of(row: Row): string
  style?(row: Row): Style | undefined
}

const gap = '  '
/** A column is not cut below this, so that something of it can be read. */
const narrowest = 8

/** Prints a table: cut to the terminal's width there, whole elsewhere. With no rows, what `none` says. */
export function printTable<Row>(columns: Column<Row>[], rows: Row[], none: string): void {
  const lines = rows.length === 0 ? [none] : tableLines(columns, rows, columnsOf())
  for (const each of lines) print(each)
}

/** The lines of a table that is at most `width` columns wide. */
export function tableLines<Row>(columns: Column<Row>[], rows: Row[], width: number): string[] {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.of(row))))
  const titles = columns.map(({ title }) => title)
  const widths = fit(
    columns.map((_, at) => Math.max(...[titles, ...cells].map((line) => displayWidth(line[at] ?? '')))),
    width - gap.length * (columns.length - 1),
  )
  const head = line(titles, widths, () => 'bold')
  return [
    head,
    ...cells.map((texts, at) => line(texts, widths, (column) => styleOf(columns, rows, at, column))),
  ]
}

function styleOf<Row>(columns: Column<Row>[], rows: Row[], at: number, column: number): Style | undefined {
  const row = rows[at]
  return row === undefined ? undefined : columns[column]?.style?.(row)
}

function line(texts: string[], widths: number[], style: (column: number) => Style | undefined): string {
  const last = texts.length - 1
  return texts
    .map((text, at) => {
      const cut = cutToWidth(text, widths[at] ?? 0)
      const chosen = cut === '' ? undefined : style(at)
      const painted = chosen === undefined ? cut : paint(chosen, cut)
      return at === last ? painted : painted + ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cut)))
    })
    .join(gap)
    .trimEnd()
}

/** The widest give way first. */
function fit(natural: number[], available: number): number[] {
  const widths = [...natural]
  for (let excess = widths.reduce((sum, each) => sum + each, 0) - available; excess > 0; excess--) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.lastIndexOf(widest)] = widest - 1
  }
  return widths
}
