import { join } from 'node:path'
import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { ProcessDeployment } from '../../src/jobs/job.ts'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { openQueues } from '../../src/jobs/queues.ts'
import { gitHubComPrefix } from '../../src/redis/key-prefix.ts'
import type { Bench } from './bench.ts'
import { benchFile, productFiles, type Running, start } from './processes.ts'

/** Whoever works on deployments: the product, or a bare BullMQ worker that makes the same calls. */
export interface WorkerKind {
  name: 'product' | 'bare'
  title: string
  file: string
}

export const workerKinds: WorkerKind[] = [
  { name: 'product', title: 'Livraison', file: productFiles.worker },
  { name: 'bare', title: 'bare BullMQ + undici', file: benchFile('yardsticks/bare-worker.mjs') },
]

export interface WorkerOptions {
  redisUrl: string
  githubUrl: string
  concurrency: number
  workSeconds?: number
  configFile?: string
}

/** Starts a worker; that it is ready shows when it works. */
export function startWorker(
  kind: WorkerKind,
  { redisUrl, githubUrl, concurrency, workSeconds = 0, configFile }: WorkerOptions,
  { directory, undo, nodeArguments }: Bench,
): Running {
  const running = start({
    name: `${kind.name} worker`,
    file: kind.file,
    cwd: join(directory, `worker-${kind.name}`),
    env: {
      REDIS_URL: redisUrl,
      GITHUB_API_URL: githubUrl,
      GITHUB_TOKEN: 'a token for the benchmark',
      WORKER_CONCURRENCY: String(concurrency),
      SIMULATED_WORK_SECONDS: String(workSeconds),
      // Nothing is missed here, and looking for it would be counted.
      RECONCILE_SECONDS: '0',
      RECORDS_PER_LANE: '100000',
      DRAIN_SECONDS: '0',
      ...(configFile === undefined ? {} : { CONFIG_FILE: configFile }),
    },
    ...(kind.name === 'product' ? { nodeArguments } : {}),
  })
  undo.push(running.stop)
  return running
}

/** Where jobs for a kind of worker are put. */
export function openQueue(kind: WorkerKind, redis: Redis): Queue {
  if (kind.name === 'product') return openQueues(redis, gitHubComPrefix).deployments
  return new Queue('deployments', { connection: redis, prefix: 'yardstick' })
}

let lastId = 2_000_000_000
const atOnce = 500

/** Puts deployments on the queue, as the receiver does; each has a lane of its own. Gives their ids. */
export async function addDeployments(queue: Queue, count: number): Promise<number[]> {
  const jobs = Array.from({ length: count }, () => toJob(++lastId))
  for (let from = 0; from < count; from += atOnce) await queue.addBulk(jobs.slice(from, from + atOnce))
  return jobs.map(({ data }) => data.deployment.id)
}

function toJob(id: number): { name: string; data: ProcessDeployment; opts: { jobId: string } } {
  return {
    name: 'process-deployment',
    opts: { jobId: deploymentJobId(id) },
    data: {
      repository: { id: 186853002, owner: 'Codertocat', name: 'Hello-World' },
      deployment: {
        id,
        sha: 'c'.repeat(40),
        ref: 'main',
        task: 'deploy',
        environment: `lane-${id}`,
        description: '#12 Mend the cart',
        creator: 'octocat',
        createdAt: '2026-03-04T12:00:00Z',
        production: false,
        transient: false,
        deployUser: 'octocat',
        pullRequest: 12,
        branch: 'main',
      },
      delivery: '00000000-0000-4000-8000-000000000000',
    },
  }
}
