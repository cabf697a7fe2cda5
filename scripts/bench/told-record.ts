import type { ToldDeployment } from './story.ts'

/** The fields of a deployment's record. */
export function recordOf(one: ToldDeployment): Record<string, string | number> {
  const { id, lane, state, startedAt, finishedAt } = one
  return {
    v: 1,
    repositoryId: lane.repository.id,
    owner: lane.repository.owner,
    name: lane.repository.name,
    delivery: deliveryOf(one),
    id,
    sha: one.sha,
    ref: one.sha,
    task: 'deploy',
    environment: lane.environment,
    description: one.rollbackOf === undefined ? `#${one.pullRequest} ${one.title}` : one.title,
    creator: 'livraison[bot]',
    createdAt: new Date(one.acceptedAt - 1000).toISOString(),
    production: Number(lane.production),
    transient: 0,
    deployUser: one.person,
    pullRequest: one.pullRequest,
    branch: 'main',
    ...(one.rollbackOf === undefined
      ? { changedAt: new Date(one.changedAt).toISOString() }
      : { rollbackOf: one.rollbackOf }),
    acceptedAt: Math.round(one.acceptedAt),
    sent: statusesOf(one).length,
    tries: startedAt === undefined ? 0 : 1,
    state,
    ...(startedAt === undefined
      ? {}
      : { startedAt: Math.round(startedAt), worker: `worker-${id % 3}`, rules: 'no-file' }),
    ...(finishedAt === undefined ? {} : { finishedAt: Math.round(finishedAt) }),
    ...(one.verified && finishedAt !== undefined ? { verifiedAt: Math.round(finishedAt) } : {}),
  }
}

/** The statuses that it was given. */
export function statusesOf({ state, description, acceptedAt, startedAt, finishedAt }: ToldDeployment) {
  const pending = {
    state: 'pending',
    description: 'Livraison has this deployment.',
    at: Math.round(acceptedAt),
  }
  const begun =
    startedAt === undefined
      ? []
      : [{ state: 'in_progress', description: 'Deploying.', at: Math.round(startedAt) }]
  if (state === 'in_progress') return [pending, ...begun]
  return [pending, ...begun, { state, description, at: Math.round(finishedAt ?? acceptedAt) }]
}

/** The GUID of the delivery that asked for it. */
export function deliveryOf({ id }: ToldDeployment): string {
  return `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`
}
