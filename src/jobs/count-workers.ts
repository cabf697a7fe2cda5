import { clientLists, type Redis } from '../redis.ts'

/**
 * How many workers are connected, by the names that BullMQ gives to their connections. A worker is connected to several nodes of
 * a Redis Cluster, always to the one that has the queues: that is the one with the most.
 */
export async function countWorkers(redis: Redis, prefix: string): Promise<number> {
  const lists = await clientLists(redis)
  return Math.max(0, ...lists.map((list) => countNamed(list, prefix)))
}

function countNamed(list: string, prefix: string): number {
  const name = `${prefix}:${Buffer.from('deployments').toString('base64')}`
  return list
    .split('\n')
    .map((line) => / name=(\S*)/.exec(line)?.[1] ?? '')
    .filter((each) => each === name || each.startsWith(`${name}:w:`)).length
}
