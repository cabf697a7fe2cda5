import { Icon } from '../components/icons.tsx'
import { repositoryPath } from '../components/links.tsx'
import { Health, headings, LaneRow, type Row } from './lane-row.tsx'

/** A repository with its environments in a table. */
export function RepositoryGroup({ repository, rows }: { repository: string; rows: Row[] }) {
  return (
    <details class="repo" id={`repo-${repository}`} open>
      <summary>
        <h2>{repository}</h2>
        <Chips rows={rows} />
      </summary>
      <LaneTable caption={`Environments of ${repository}`} rows={rows} />
      <p class="repo-more">
        <a href={repositoryPath(repository)}>History</a>
      </p>
    </details>
  )
}

/** A repository in which nothing is the matter, in one line: of hundreds, nobody wants to see more. */
export function QuietRepository({ repository, rows }: { repository: string; rows: Row[] }) {
  return (
    <div class="repo-quiet" id={`repo-${repository}`}>
      <h2 class="repo-name">
        <a class="repo-name" href={repositoryPath(repository)}>
          {repository}
        </a>
      </h2>
      <Chips rows={rows} />
    </div>
  )
}

function Chips({ rows }: { rows: Row[] }) {
  return (
    <span class="chips">
      {rows.map((row) => (
        <Chip row={row} />
      ))}
    </span>
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
