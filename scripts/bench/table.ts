import type { Figures } from './figures.ts'
import { median, summarize } from './statistics.ts'

/** Rows of cells under heads, in columns as wide as they must be; the first is to the left. Pure. */
export function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  const pad = (cell: string, column: number) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  const lines = all.map((row) =>
    widths
      .map((_, column) => pad(row[column] ?? '', column))
      .join('  ')
      .trimEnd(),
  )
  return [lines[0] ?? '', '-'.repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...lines.slice(1)]
}

/** A number with three digits that mean something. Pure. */
export function toText(value: number): string {
  if (Number.isNaN(value)) return '-'
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits })
}

/** The median and, in brackets, the least and the most. Pure. */
export function withSpread(values: readonly number[]): string {
  if (values.length === 0) return '-'
  const { median, min, max } = summarize(values)
  return values.length === 1 ? toText(median) : `${toText(median)} (${toText(min)}-${toText(max)})`
}

/** A figure of each row: the row's prefix and the column's name are the figure's name. */
export interface Column {
  head: string
  figure: string
  /** Shows how far the rounds were apart. */
  spread?: boolean
}

export interface Row {
  head: string
  prefix: string
}

/** A table of figures; rows of which nothing was measured are left out. Pure. */
export function figuresTable(
  title: string,
  rows: readonly Row[],
  columns: readonly Column[],
  figures: Figures,
): string[] {
  const measured = rows.filter(({ prefix }) =>
    columns.some(({ figure }) => figures.of(`${prefix}.${figure}`).length > 0),
  )
  if (measured.length === 0) return []
  const cells = measured.map(({ head, prefix }) => [
    head,
    ...columns.map(({ figure, spread }) => {
      const values = figures.of(`${prefix}.${figure}`)
      return spread ? withSpread(values) : toText(median(values))
    }),
  ])
  return ['', title, '', ...toTable(['', ...columns.map(({ head }) => head)], cells)]
}
