import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { gitHubComPrefix } from '../../src/redis/key-prefix.ts'
import type { Bench } from './bench.ts'
import type { ContentType } from './deliveries.ts'
import { benchFile, type Listening, productFiles, startListening } from './processes.ts'

export const secret = 'a secret for the benchmark'
export const adminToken = 'an admin token for the benchmark'

/** Whoever can be sent deliveries: the product, or something that it is held against. */
export interface ReceiverKind {
  name: string
  title: string
  file: string
  env?: NodeJS.ProcessEnv
  contentTypes: ContentType[]
  /** The lists in Redis where its jobs wait; none: it stores nothing. */
  waiting: string[]
}

const both: ContentType[] = ['json', 'form']

export const product: ReceiverKind = {
  name: 'product',
  title: 'Livraison',
  file: productFiles.receiver,
  contentTypes: both,
  waiting: ['deployments', 'events', 'checks'].map((queue) => `${gitHubComPrefix}:${queue}:wait`),
}

export const floor: ReceiverKind = {
  name: 'floor',
  title: '(a) node:http, HMAC, JSON.parse',
  file: benchFile('yardsticks/floor.mjs'),
  contentTypes: both,
  waiting: [],
}

const yardstickJobs = ['yardstick:events:wait']

/** Everyone, the product first. */
export const receiverKinds: ReceiverKind[] = [
  product,
  floor,
  {
    name: 'fastify',
    title: '(b) Fastify with the same',
    file: benchFile('yardsticks/fastify.mjs'),
    contentTypes: both,
    waiting: [],
  },
  {
    name: 'octokit',
    title: '(c) Fastify, octokit, queue.add',
    file: benchFile('yardsticks/octokit-webhooks.mjs'),
    contentTypes: both,
    waiting: yardstickJobs,
  },
  // Probot answers 415 to forms.
  {
    name: 'probot',
    title: '(d) Probot, nothing stored',
    file: benchFile('yardsticks/probot.mjs'),
    contentTypes: ['json'],
    waiting: [],
  },
  {
    name: 'probot-queue',
    title: '(d) Probot, queue.add',
    file: benchFile('yardsticks/probot.mjs'),
    env: { PROBOT_QUEUES: '1' },
    contentTypes: ['json'],
    waiting: yardstickJobs,
  },
]

/** Starts a receiver and waits until it can take deliveries. */
export async function startReceiver(
  kind: ReceiverKind,
  redisUrl: string,
  { directory, undo, nodeArguments }: Bench,
  env: NodeJS.ProcessEnv = {},
): Promise<Listening> {
  const isOurs = kind === product
  const receiver = await startListening({
    name: kind.name,
    file: kind.file,
    cwd: join(directory, kind.name),
    env: {
      ...kind.env,
      REDIS_URL: redisUrl,
      GITHUB_WEBHOOK_SECRET: secret,
      ADMIN_TOKEN: adminToken,
      API_REQUESTS_PER_MINUTE: '1000000',
      ...env,
    },
    ...(isOurs ? { path: '/readyz', status: 200, nodeArguments } : {}),
  })
  undo.push(receiver.stop)
  return receiver
}

/** How many jobs wait for a worker. */
export async function countJobs(redis: Redis, lists: readonly string[]): Promise<number> {
  const counts = await Promise.all(lists.map((list) => redis.llen(list)))
  return counts.reduce((sum, count) => sum + count, 0)
}

/** Forgets everything, and makes the append-only file small again. */
export async function emptyRedis(redis: Redis): Promise<void> {
  await redis.flushall('SYNC')
  if (/aof_enabled:1/.test(await redis.info('persistence'))) await rewriteFile(redis)
}

async function rewriteFile(redis: Redis): Promise<void> {
  await redis.bgrewriteaof()
  while (/aof_rewrite_(in_progress|scheduled):1/.test(await redis.info('persistence'))) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
