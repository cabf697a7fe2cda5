import type { ComponentChildren } from 'preact'
import type { DeploymentRecord } from '../../deployments/record.ts'
import { isFinal } from '../../deployments/record.ts'
import { roughly, spanText } from '../../span-text.ts'
import { DeploymentLink, PullRequest, repositoryPath, Sha } from '../components/links.tsx'
import { Facts, PageHead } from '../components/page.tsx'
import { Progress } from '../components/running.tsx'
import { State } from '../components/state.tsx'
import { Time } from '../components/time.tsx'
import { byWhom, titleOf } from '../grid/lane-row.tsx'

interface HeadProps {
  repository: string
  record: DeploymentRecord
  usualMs: number | undefined
  /** The last thing that was said of it. */
  said: string | undefined
  actions: ComponentChildren
}

/** What a deployment is, how it stands, and what can be done. */
export function DeploymentHead({ repository, record, usualMs, said, actions }: HeadProps) {
  const { environment } = record
  return (
    <>
      <PageHead
        above={
          <>
            <a href={repositoryPath(repository)}>{repository}</a>
            {' / '}
            <a href={`${repositoryPath(repository)}?${new URLSearchParams({ environment })}`}>
              {environment}
            </a>
            {` / ${record.id}`}
          </>
        }
        title={titleOf(record)}
        actions={actions}
      />
      <div class={`card standing ${record.state}`}>
        <p class="verdict">
          <State state={record.state} />
          {said ? <span>{said}</span> : null}
        </p>
        {record.state === 'in_progress' ? <Progress startedAt={record.startedAt} usualMs={usualMs} /> : null}
        <Facts facts={factsOf(repository, record, usualMs)} />
      </div>
    </>
  )
}

function factsOf(
  repository: string,
  record: DeploymentRecord,
  usualMs: number | undefined,
): [string, ComponentChildren][] {
  const { pullRequest, tag, branch, ref, startedAt, finishedAt } = record
  const link = (id: number | undefined) =>
    id === undefined ? undefined : <DeploymentLink repository={repository} id={id} />
  return [
    ['Environment', record.environment],
    ['Commit', <Sha repository={repository} sha={record.sha} />],
    [tag ? 'Tag' : 'Branch', tag ?? branch ?? (ref === record.sha ? undefined : ref)],
    ['Pull request', pullRequest && <PullRequest repository={repository} number={pullRequest} />],
    ['By', byWhom(record)],
    ['Created', <Time at={record.createdAt} />],
    ['Began', startedAt && <Time at={startedAt} />],
    [
      'Took',
      startedAt && finishedAt && isFinal(record.state)
        ? tookText(finishedAt - startedAt, usualMs)
        : undefined,
    ],
    ['Rolls back', link(record.rollbackOf)],
    ['Rolled back by', link(record.rolledBackBy)],
    ['Deployed by', record.workflowRun && `GitHub Actions, run ${record.workflowRun}`],
    ['Worker', record.workflowRun === undefined ? record.worker : undefined],
  ]
}

function tookText(ms: number, usualMs: number | undefined): string {
  return usualMs === undefined ? spanText(ms) : `${spanText(ms)}, usually ${roughly(usualMs)}`
}
