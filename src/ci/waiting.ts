import { isDeploymentJob } from '../jobs/job-ids.ts'
import type { Queues } from '../jobs/queues.ts'
import { wakeJob } from '../jobs/wake.ts'
import { defineScript, type Redis } from '../redis/redis.ts'

/** The jobs that wait for the CI of a commit, and what wakes them. */
export interface CiWaiting {
  /** From now on, until `leave` or for `forMs`, what is reported on the commit wakes the job. Before it looks. */
  register(repositoryId: number, sha: string, jobId: string, forMs: number): Promise<void>
  /** Whether something was reported since it registered: it may have looked too early. */
  hasNews(repositoryId: number, sha: string, jobId: string): Promise<boolean>
  leave(repositoryId: number, sha: string, jobId: string): Promise<void>
  /** Something was reported: wakes those that sleep, and gives their ids. */
  wake(repositoryId: number, sha: string): Promise<string[]>
}

// In one step: to count for a job that has just left would make a room that never ends.
const countForAll = defineScript(`
  local ids = redis.call('HKEYS', KEYS[1])
  for _, id in ipairs(ids) do redis.call('HINCRBY', KEYS[1], id, 1) end
  return ids
`)

/**
 * Opens the waiting rooms in Redis, one a commit: a hash of job id -> reports since it looked. A job that does
 * not sleep yet when it is to be woken sees by that number, once it sleeps, that it must look again.
 */
export function openCiWaiting(redis: Redis, prefix: string, queues: Queues): CiWaiting {
  const queueOf = (jobId: string) => (isDeploymentJob(jobId) ? queues.deployments : queues.events)
  const roomOf = (repositoryId: number, sha: string) => `${prefix}:ci-waiting:${repositoryId}:${sha}`
  return {
    async register(repositoryId, sha, jobId, forMs) {
      const room = roomOf(repositoryId, sha)
      await redis.multi().hset(room, jobId, 0).pexpire(room, forMs).exec()
    },

    async hasNews(repositoryId, sha, jobId) {
      return Number((await redis.hget(roomOf(repositoryId, sha), jobId)) ?? 0) > 0
    },

    async leave(repositoryId, sha, jobId) {
      await redis.hdel(roomOf(repositoryId, sha), jobId)
    },

    async wake(repositoryId, sha) {
      const jobIds = (await countForAll(redis, [roomOf(repositoryId, sha)], [])) as string[]
      const slept = await Promise.all(jobIds.map((jobId) => wakeJob(queueOf(jobId), jobId)))
      return jobIds.filter((_jobId, index) => slept[index])
    },
  }
}
