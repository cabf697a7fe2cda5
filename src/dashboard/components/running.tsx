import type { DeploymentRecord } from '../../deployments/record.ts'
import { roughly } from '../../span-text.ts'
import { useShell } from '../shell.ts'
import { DeploymentLink } from './links.tsx'
import { State } from './state.tsx'
import { Elapsed } from './time.tsx'

/** A deployment that runs: since when, against how long it usually takes. */
export function Running({
  repository,
  record,
  usualMs,
}: {
  repository: string
  record: DeploymentRecord
  usualMs?: number | undefined
}) {
  return (
    <div class="running">
      <span class="running-words">
        <State state="in_progress" text={record.deployedAt === undefined ? 'Running' : 'Verifying'} />{' '}
        <DeploymentLink
          repository={repository}
          id={record.id}
          text={record.description || `Deployment ${record.id}`}
        />
      </span>
      <Progress startedAt={record.startedAt} usualMs={usualMs} />
    </div>
  )
}

/** How far a run is, by the time it usually takes; it never claims to be done. */
export function Progress({
  startedAt,
  usualMs,
}: {
  startedAt?: number | undefined
  usualMs?: number | undefined
}) {
  const { nowMs } = useShell()
  if (startedAt === undefined) return null
  const since = new Date(startedAt).toISOString()
  return (
    <span class="running-time">
      <Elapsed since={startedAt} nowMs={nowMs} />
      {usualMs === undefined ? null : (
        <>
          <span class="quiet">{` of about ${roughly(usualMs)}`}</span>
          <progress
            class="progress"
            aria-label="Against the usual time"
            max={1}
            value={Math.min((nowMs - startedAt) / usualMs, 0.97)}
            data-since={since}
            data-usual={String(usualMs)}
          />
        </>
      )}
    </span>
  )
}
