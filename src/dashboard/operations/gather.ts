import { type FoundDeployment, findDeployment } from '../../api/find-deployment.ts'
import type { Sources } from '../../api/sources.ts'
import { countedOf } from '../../approvals/judge.ts'
import { environmentDigest } from '../../config/environment-digest.ts'
import { findEnvironment } from '../../config/find-environment.ts'
import type { EnvironmentRules, RepositoryRules } from '../../config/rules.ts'
import { askersOf } from '../../deployments/askers.ts'
import type { DeploymentRecord } from '../../deployments/deployment-record.ts'
import { listDeployments, readRecords } from '../../deployments/list.ts'
import { readRollbackFacts } from '../../deployments/read-rollback-facts.ts'
import { isFinal } from '../../deployments/record.ts'
import { chooseRollback } from '../../deployments/rollback.ts'
import { whyNoRetry } from '../../operations/acts/retry.ts'
import { whyNoRollback } from '../../operations/acts/roll-back.ts'
import { openRequests } from '../../operations/requests.ts'
import type { OperationFacts } from './confirmation.ts'

/** So many of an environment's newest deployments say whether one is worth a retry. */
const newestLookedAt = 200

/** Reads all that a confirmation of an operation on a deployment names. */
export async function gatherOperationFacts(
  sources: Sources,
  params: { owner: string; repo: string; id: string },
  reader: string,
): Promise<OperationFacts> {
  const found = await findDeployment(sources, params)
  const { record, name } = found
  const rules = sources.rules.current.of(name)
  const environment = rules && findEnvironment(rules, record.environment)
  const [lane, current, recent, rollback, held, approvals] = await Promise.all([
    gatherLane(sources, record, environment?.lane),
    newestSuccess(sources, record),
    listDeployments(
      sources.redis,
      sources.keys,
      { repositoryId: record.repository.id, environment: record.environment },
      newestLookedAt,
    ),
    readRollbackFacts(sources.redis, sources.keys, record),
    heldReasons(sources, record),
    gatherApprovals(sources, found, environment, reader),
  ])
  return {
    record,
    repository: name,
    ...lane,
    current,
    noRetry: whyNoRetry(record, recent.records),
    noRollback: whyNoRollback(record, rollback),
    back: chooseRollback(rollback),
    promotions: rules ? promotionsFrom(rules, record.environment) : [],
    held,
    approvals,
  }
}

/** Who runs in the environment of a deployment, and who goes on there without it. */
async function gatherLane(
  { redis, keys }: Sources,
  { id, repository, environment }: DeploymentRecord,
  policy: EnvironmentRules['lane'] = 'supersede',
): Promise<{ running: number | undefined; next: number | undefined }> {
  const [holder, waitingIds] = await Promise.all([
    redis.hget(keys.lane(repository.id, environment), 'holder'),
    redis.hkeys(keys.waiting(repository.id, environment)),
  ])
  const ids = [Number(holder ?? 0), ...waitingIds.map(Number)].filter((each) => each !== 0)
  const records = await readRecords(redis, keys, ids)
  const isOpen = (each: number) => {
    const record = records.get(each)
    return record !== undefined && !isFinal(record.state)
  }
  const running = isOpen(Number(holder)) ? Number(holder) : undefined
  const waiting = ids.filter((each) => each !== id && each !== running && isOpen(each)).sort((a, b) => a - b)
  return { running, next: policy === 'queue' ? waiting[0] : waiting.at(-1) }
}

/** What is deployed in the environment of a deployment. */
export async function newestSuccess(
  { redis, keys }: Pick<Sources, 'redis' | 'keys'>,
  { repository, environment }: Pick<DeploymentRecord, 'repository' | 'environment'>,
): Promise<DeploymentRecord | undefined> {
  const id = await redis.hget(keys.lane(repository.id, environment), 'lastSuccess')
  return id === null ? undefined : (await readRecords(redis, keys, [Number(id)])).get(Number(id))
}

/** What has succeeded in the environment of a deployment before, newest first: where one can go back to. */
export async function earlierSuccesses(
  { redis, keys }: Sources,
  { repository, environment, sha }: DeploymentRecord,
): Promise<DeploymentRecord[]> {
  const filter = { repositoryId: repository.id, environment, state: 'success' as const }
  const { records } = await listDeployments(redis, keys, filter, 20)
  return records.filter((record) => record.sha !== sha)
}

async function heldReasons(
  { held }: Sources,
  { id, repository, environment }: DeploymentRecord,
): Promise<string[]> {
  const notes = await held.list(repository.id, environment)
  return notes.find(({ deployment }) => deployment === id)?.holds.map(({ reason }) => reason) ?? []
}

async function gatherApprovals(
  sources: Sources,
  { record }: FoundDeployment,
  environment: EnvironmentRules | undefined,
  reader: string,
): Promise<OperationFacts['approvals']> {
  const rules = environment?.approvals
  if (environment === undefined || rules === undefined) return { given: [], required: 0, isAsker: false }
  const requests = openRequests(sources.redis, sources.keyPrefix)
  const [approvals, request, nowMs] = await Promise.all([
    sources.approvals.of(record.id),
    requests.believed(record),
    sources.records.nowMs(),
  ])
  const askers = askersOf(record, request)
  const counted = countedOf(
    { approvals, askers, rules: environmentDigest(environment) },
    rules.expireMs,
    nowMs,
  )
  return {
    given: counted.map(({ by }) => by),
    required: rules.required,
    isAsker: askers.some((asker) => asker.toLowerCase() === reader.toLowerCase()),
  }
}

/** Where a commit can be promoted to: first what comes after its environment, then the others, in the rules' order. */
function promotionsFrom({ environments }: RepositoryRules, environment: string): string[] {
  const isSame = (one: string | undefined) => one?.toLowerCase() === environment.toLowerCase()
  const others = environments.filter(({ name }) => !isSame(name))
  const after = others.filter((each) => isSame(each.after))
  return [...new Set([...after, ...others])].map(({ name }) => name)
}
