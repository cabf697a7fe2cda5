import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { Delivery, Deployment, Pull } from '../../sandbox/state.ts'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { type DeploymentRecord, openRecords, type RecordedStatus } from '../../src/deployments/record.ts'
import { allQueues, type Queues } from '../../src/jobs/queues.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { sinceEpoch } from './clock.ts'
import { groupBy } from './group-by.ts'
import type { Happening } from './happenings.ts'
import type { Installation } from './installation.ts'
import { readJournal } from './journal.ts'
import { type Run, readRuns } from './runs.ts'

/** A deployment as GitHub has it, and what Livraison remembers of it. Times are by the shared clock. */
export interface Story {
  repository: string
  deployment: Deployment
  statuses: { at: number; state: string; description: string }[]
  record: DeploymentRecord | undefined
  recorded: RecordedStatus[]
  /** When the receiver first acknowledged it. */
  acknowledgedAt: number | undefined
  runs: Run[]
}

/** A pull request that was merged, and the deployments that were made of it. */
export interface Merge {
  repository: string
  number: number
  acknowledged: boolean
  /** Whether a later merge of the repository has its deployment. */
  overtaken: boolean
  deployments: number[]
}

/** All that is to be judged. */
export interface Evidence {
  stories: Story[]
  merges: Merge[]
  runs: Run[]
  happenings: Happening[]
  jobs: { queue: string; id: string; state: string; reason: string }[]
  violations: string[]
}

/** Gathers what GitHub, Redis and the journal say. */
export async function gatherEvidence(
  { sandbox, repositories, journal, happenings }: Installation,
  redis: Redis,
  queues: Queues,
): Promise<Evidence> {
  const runs = readRuns(readJournal(journal), happenings.list)
  const acknowledged = readAcknowledged(sandbox)
  const stories: Story[] = []
  const records = openRecords(redis, deploymentKeys(keyPrefixOf(sandbox.url)))
  const offset = sinceEpoch()
  for (const repository of repositories) {
    for (const deployment of sandbox.deployments(repository)) {
      const { id } = deployment
      const acknowledgedAt = acknowledged.deployments.get(id)
      stories.push({
        repository,
        deployment,
        statuses: deployment.statuses.map(({ at, state, description }) => ({
          at: at + offset,
          state,
          description,
        })),
        record: await records.read(id),
        recorded: await records.statuses(id),
        acknowledgedAt: acknowledgedAt === undefined ? undefined : acknowledgedAt + offset,
        runs: runs.filter((run) => run.deployment === id),
      })
    }
  }
  return {
    stories,
    merges: repositories.flatMap((repository) => mergesOf(sandbox, repository, acknowledged.merges)),
    runs,
    happenings: happenings.list,
    jobs: await jobsLeft(queues),
    violations: sandbox.violations.map((violation) => JSON.stringify(violation)),
  }
}

function mergesOf(sandbox: Sandbox, repository: string, acknowledged: Set<string>): Merge[] {
  const { pulls, id } = sandbox.repository(repository)
  const made = groupBy(sandbox.deployments(repository), ({ payload }) => String(pullOf(payload)))
  const deploymentsOf = ({ number }: Pull): number[] =>
    (made.get(String(number)) ?? []).map((deployment) => deployment.id)
  const merged = [...pulls.values()].filter(({ mergedAt }) => mergedAt !== null)
  const lastDeployed = Math.max(
    0,
    ...merged.filter((pull) => deploymentsOf(pull).length > 0).map(({ mergedAt }) => mergedAt ?? 0),
  )
  return merged.map((pull) => ({
    repository,
    number: pull.number,
    acknowledged: acknowledged.has(`${id} ${pull.number}`),
    overtaken: (pull.mergedAt ?? 0) < lastDeployed,
    deployments: deploymentsOf(pull),
  }))
}

function pullOf(payload: unknown): unknown {
  const value = typeof payload === 'string' && payload !== '' ? JSON.parse(payload) : payload
  return (value as { pull_request?: number } | undefined)?.pull_request
}

/** Whether the receiver said 2xx to it: then it is Livraison's to see to it. */
export function isAcknowledged({ statusCode }: Delivery): boolean {
  return statusCode >= 200 && statusCode < 300
}

function readAcknowledged(sandbox: Sandbox): { merges: Set<string>; deployments: Map<number, number> } {
  const merges = new Set<string>()
  const deployments = new Map<number, number>()
  for (const delivery of sandbox.deliveries().filter(isAcknowledged)) {
    const payload = delivery.payload as { deployment?: { id: number }; number?: number }
    if (delivery.event === 'pull_request' && delivery.action === 'closed') {
      merges.add(`${delivery.repositoryId} ${payload.number}`)
    }
    if (delivery.event === 'deployment' && payload.deployment) {
      const { id } = payload.deployment
      const at = delivery.at + delivery.duration * 1000
      deployments.set(id, Math.min(deployments.get(id) ?? at, at))
    }
  }
  return { merges, deployments }
}

const unfinished = ['waiting', 'active', 'delayed', 'prioritized', 'waiting-children', 'failed'] as const

async function jobsLeft(queues: Queues): Promise<Evidence['jobs']> {
  const left: Evidence['jobs'] = []
  for (const queue of await allQueues(queues)) {
    for (const state of unfinished) {
      for (const job of await queue.getJobs([state])) {
        const reason = `after ${job.attemptsMade} attempts, delayed by ${job.delay} ms: ${job.failedReason ?? ''}`
        left.push({ queue: queue.name, id: job.id ?? '', state, reason })
      }
    }
  }
  return left
}
