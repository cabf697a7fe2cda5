import type { ComponentChildren } from 'preact'

/** A column: its heading, and the cell of a row. */
export interface Column<Row> {
  heading: string
  cell(row: Row): ComponentChildren
  /** Numbers stand to the right. */
  align?: 'right'
  /** The cell that names its row. */
  isHeading?: boolean
}

interface TableProps<Row> {
  /** What the table shows, for those who do not see it. */
  caption: string
  columns: Column<Row>[]
  rows: readonly Row[]
  /** A name that a row keeps, whatever changes around it. */
  id?(row: Row): string
}

/** Rows of the same kind; where there is little room, each becomes a card with its headings beside its cells. */
export function Table<Row>({ caption, columns, rows, id }: TableProps<Row>) {
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ heading, align }) => (
            <th scope="col" class={align}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr id={id?.(row)}>
            {columns.map((column) => (
              <Cell column={column} row={row} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  const { heading, align, isHeading, cell } = column
  if (isHeading) {
    return (
      <th scope="row" class={align} data-label={heading}>
        {cell(row)}
      </th>
    )
  }
  return (
    <td class={align} data-label={heading}>
      {cell(row)}
    </td>
  )
}
