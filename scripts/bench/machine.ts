import { cpus, loadavg, platform, release, totalmem } from 'node:os'
import type { Redis } from 'ioredis'

/** On what all this was measured: figures of two machines are not compared. */
export interface Machine {
  processor: string
  cores: number
  memoryGb: number
  system: string
  node: string
  redis: string
  /** How many processes wanted a processor in the last minute, before any of ours did. */
  loadBefore: number
}

export async function describeMachine(redis: Redis): Promise<Machine> {
  const processors = cpus()
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e9),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
    redis: /redis_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? 'unknown',
    loadBefore: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}

/** Pure. */
export function nameMachine(machine: Machine): string {
  const { processor, cores, memoryGb, system, node, redis, loadBefore } = machine
  return `${processor}, ${cores} cores, ${memoryGb} GB, ${system}; Node ${node}, Redis ${redis}; load before: ${loadBefore}`
}
