import { type DeploymentRecord, isFinal } from '../deployments/record.ts'
import type { LaneFacts } from './lane-facts.ts'
import type { LaneView } from './overview.ts'

/** How a lane stands, by what Redis has of it. */
export type Standing = Pick<LaneView, 'current' | 'failed' | 'health' | 'running' | 'waiting' | 'waitsFor'>

/** How a lane stands. Pure. */
export function judgeLane(environment: string, facts: LaneFacts): Standing {
  const current = facts.lastSuccess === undefined ? undefined : facts.records.get(facts.lastSuccess)
  const running = findRunning(facts)
  const waiting = findWaiting(facts, running)
  const failed = findFailed(facts, current)
  const waitsFor = whyWaits(waiting[0], environment, facts, running)
  return {
    ...(current === undefined ? {} : { current }),
    ...(failed === undefined ? {} : { failed }),
    health: healthOf(facts, current, failed),
    ...(running === undefined ? {} : { running }),
    waiting,
    ...(waitsFor === undefined ? {} : { waitsFor }),
  }
}

function findRunning({ holder, records }: LaneFacts): DeploymentRecord | undefined {
  const record = holder === undefined ? undefined : records.get(holder)
  return record === undefined || isFinal(record.state) ? undefined : record
}

/** Whatever has not begun and is not over waits, wherever it is noted. Those that are next come first. */
function findWaiting({ records }: LaneFacts, running: DeploymentRecord | undefined): DeploymentRecord[] {
  return [...records.values()]
    .filter((record) => record !== running && (record.state === 'pending' || record.state === 'queued'))
    .sort((a, b) => a.id - b.id)
}

/** What failed since the last success. Older versions noted only which was begun last. */
function findFailed(
  { failed, newestStarted, records }: LaneFacts,
  current: DeploymentRecord | undefined,
): DeploymentRecord | undefined {
  const record = records.get(failed ?? newestStarted ?? 0)
  if (record === undefined || (record.state !== 'failure' && record.state !== 'error')) return undefined
  return (record.finishedAt ?? 0) >= (current?.finishedAt ?? 0) ? record : undefined
}

function healthOf(
  { failed: noted, lastSuccess }: LaneFacts,
  current: DeploymentRecord | undefined,
  failed: DeploymentRecord | undefined,
): LaneView['health'] {
  // The record of a failure runs out; that it failed is still so.
  if (failed !== undefined || noted !== undefined) return 'failing'
  if (lastSuccess === undefined) return 'nothing'
  return current?.verifiedAt === undefined ? 'deployed' : 'verified'
}

function whyWaits(
  first: DeploymentRecord | undefined,
  environment: string,
  { held, said }: LaneFacts,
  running: DeploymentRecord | undefined,
): string | undefined {
  if (first === undefined) return undefined
  const holds = held.find(({ deployment }) => deployment === first.id)?.holds
  if (holds?.[0] !== undefined) return holds[0].reason
  if (first.state === 'queued') return said.get(first.id)
  return running === undefined ? undefined : `${environment} is busy with #${running.id}.`
}
