import { Icon } from '../components/icons.tsx'
import { repositoryPath } from '../components/links.tsx'
import { Health, headings, LaneRow, type Row } from './lane-row.tsx'

/** A repository: its environments in a table, or, closed, in one line. */
export function RepositoryGroup({
  repository,
  rows,
  isOpen,
}: {
  repository: string
  rows: Row[]
  isOpen: boolean
}) {
  return (
    <details class="repo" id={`repo-${repository}`} open={isOpen}>
      <summary>
        <h2>{repository}</h2>
        <span class="chips">
          {rows.map((row) => (
            <Chip row={row} />
          ))}
        </span>
      </summary>
      <LaneTable caption={`Environments of ${repository}`} rows={rows} />
      <p class="repo-more">
        <a href={repositoryPath(repository)}>History</a>
      </p>
    </details>
  )
}

/** Environments, one a row. */
export function LaneTable({ caption, rows }: { caption: string; rows: Row[] }) {
  return (
    <table class="table lanes">
      <caption class="unseen">{caption}</caption>
      <colgroup>
        {headings.map(() => (
          <col />
        ))}
      </colgroup>
      <thead>
        <tr>
          {headings.map((heading) => (
            <th scope="col">{heading}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <LaneRow lane={row} />
        ))}
      </tbody>
    </table>
  )
}

function Chip({ row }: { row: Row }) {
  return (
    <span class="chip">
      <Health health={row.health} />
      {row.environment} {row.current ? <code>{row.current.sha.slice(0, 7)}</code> : null}
      {row.locks.length + row.freezes.length > 0 ? <Icon name="lock" /> : null}
    </span>
  )
}
