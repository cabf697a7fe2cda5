import type { DeploymentRecord } from '../../deployments/record.ts'
import type { ChangedCommit, Comparison, Known } from '../../overview/overview.ts'
import { DeploymentLink, Sha } from '../components/links.tsx'
import { Section } from '../components/page.tsx'
import { useShell } from '../shell.ts'

/** What a deployment changes in its environment. */
export interface Changes {
  /** What was there before; undefined if nothing was. */
  predecessor?: DeploymentRecord | undefined
  /** What is between the two. */
  comparison?: Known<Comparison> | undefined
}

/** So many commits are shown; GitHub has a page for all of them. */
const shown = 30

/** The commits that a deployment brings, against what was there before. */
export function ChangeList({
  repository,
  sha,
  changes,
}: {
  repository: string
  sha: string
  changes: Changes
}) {
  const { githubUrl } = useShell()
  const { predecessor, comparison } = changes
  const compare = predecessor && `${githubUrl}/${repository}/compare/${predecessor.sha}...${sha}`
  return (
    <Section id="changes" title="Changes" aside={compare ? <a href={compare}>Compare at GitHub</a> : null}>
      <div class="card">
        {predecessor ? (
          <p class="quiet">
            Since{' '}
            <DeploymentLink
              repository={repository}
              id={predecessor.id}
              text={`deployment ${predecessor.id} of ${predecessor.sha.slice(0, 7)}`}
            />
          </p>
        ) : (
          <p class="quiet">Nothing was deployed here before, as far as Livraison knows.</p>
        )}
        {predecessor ? (
          <Commits repository={repository} comparison={comparison} isSame={predecessor.sha === sha} />
        ) : null}
      </div>
    </Section>
  )
}

function Commits({
  repository,
  comparison,
  isSame,
}: {
  repository: string
  comparison: Known<Comparison> | undefined
  isSame: boolean
}) {
  if (isSame) return <p>The same commit again.</p>
  if (comparison?.answer === undefined) {
    return <p>{comparison?.unknown ?? 'GitHub is being asked what is between the two.'}</p>
  }
  const { ahead, behind, commits } = comparison.answer
  return (
    <>
      {behind > 0 ? <p>{`It takes ${counted(behind)} back.`}</p> : null}
      <ol class="commits">
        {commits.slice(0, shown).map((commit) => (
          <Commit repository={repository} commit={commit} />
        ))}
      </ol>
      {ahead > shown ? <p class="quiet">{`And ${counted(ahead - shown)} more.`}</p> : null}
    </>
  )
}

function Commit({
  repository,
  commit: { sha, title, author },
}: {
  repository: string
  commit: ChangedCommit
}) {
  return (
    <li>
      <Sha repository={repository} sha={sha} /> <span>{title}</span> <span class="quiet">{author}</span>
    </li>
  )
}

function counted(count: number): string {
  return `${count} ${count === 1 ? 'commit' : 'commits'}`
}
