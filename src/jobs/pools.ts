import type { Queue } from 'bullmq'
import type { Redis } from '../redis/redis.ts'
import { isUsual, type Labels, toLabels } from './labels.ts'

/** The queues whose jobs may ask for workers of certain labels. */
export const pooled = ['deployments', 'checks'] as const
export type PooledName = (typeof pooled)[number]

/**
 * A pool is what asks for the same labels, with a queue of its own: what waits for one kind of worker never holds up what
 * waits for another. What asks for the usual labels is in the queue that has always been there, which is no pool.
 */
export interface Pools {
  /** The queue of what asks for these labels. */
  queue(base: PooledName, labels: Labels): Queue
  /** The names of the queues of all pools that anything was ever put into. */
  names(): Promise<string[]>
  /** Those queues, of one kind; of a kind that is not pooled, none. */
  of(base: string): Promise<Queue[]>
  /** Makes a pool known to all, which must come before anything is put into it. */
  note(...names: string[]): Promise<void>
  close(): Promise<void>
}

/** The name of the queue of what asks for these labels. BullMQ takes no `:` in it. */
export function queueNameOf(base: PooledName, labels: Labels): string {
  return isUsual(labels) ? base : `${base}@${labels.join('+')}`
}

/** What a queue holds, and the labels that this asks for. */
export function readQueueName(name: string): { base: PooledName; labels: Labels } | undefined {
  const [start = '', labels] = name.split('@')
  const base = pooled.find((each) => each === start)
  return base && { base, labels: toLabels(labels === undefined ? [] : labels.split('+')) }
}

/** The key of the set of the pools' names. */
export function poolsKey(prefix: string): string {
  return `${prefix}:pools`
}

/** Opens the pools; `open` opens a queue by its name, once. */
export function openPools(redis: Redis, prefix: string, open: (name: string) => Queue): Pools {
  const queues = new Map<string, Queue>()
  const opened = (name: string) => {
    const queue = queues.get(name) ?? open(name)
    queues.set(name, queue)
    return queue
  }
  const isPool = (name: string) => name.includes('@') && readQueueName(name) !== undefined
  const names = async () => (await redis.smembers(poolsKey(prefix))).filter(isPool)
  return {
    queue: (base, labels) => opened(queueNameOf(base, labels)),
    names,
    async of(base) {
      if (!pooled.some((each) => each === base)) return []
      return (await names()).filter((name) => readQueueName(name)?.base === base).map(opened)
    },
    async note(...noted) {
      const ofPools = noted.filter(isPool)
      if (ofPools.length > 0) await redis.sadd(poolsKey(prefix), ...ofPools)
    },
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
