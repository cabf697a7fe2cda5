import type { Keys } from '../deployments/keys.ts'
import { noteSent } from '../deployments/record-scripts.ts'
import type { WorkflowRun } from '../github/workflow-runs.ts'
import type { Redis } from '../redis/redis.ts'

/** What is remembered of the runs of GitHub Actions whose deployments are decided about, beside their records. */
export interface ReviewedRuns {
  /** Notes whose run it is, and which attempt: from then on they count as those who asked for the deployment. */
  note(deploymentId: number, run: WorkflowRun): Promise<void>
  /** Its commit's checks are green, which is asked once. */
  notePassed(deploymentId: number): Promise<void>
  hasPassed(deploymentId: number): Promise<boolean>
  /** Whether it is time to ask GitHub whether the run waits still; that is then not so again for a while. */
  isDue(deploymentId: number): Promise<boolean>
  /** Something was reported of it: it is time. */
  noteReport(deploymentId: number): Promise<void>
  /** Its run is over: GitHub wants to hear nothing of it any more. */
  settle(deploymentId: number): Promise<void>
  /** The token of a deployment's hold on its lane; undefined if another has that. */
  fenceOf(repositoryId: number, environment: string, deploymentId: number): Promise<number | undefined>
}

/** Somebody may cancel a run, of which no event tells for certain. */
const askedMs = 5 * 60_000

/** Opens them in Redis: fields of the record, gone with it. */
export function openReviewedRuns(redis: Redis, keys: Keys): ReviewedRuns {
  const askedKey = (deploymentId: number) => `${keys.record(deploymentId)}:run-asked`
  return {
    async note(deploymentId, { attempt, startedBy, firstStartedBy }) {
      await redis.hset(keys.record(deploymentId), {
        runAttempt: attempt,
        creator: startedBy,
        deployUser: firstStartedBy,
      })
    },

    async notePassed(deploymentId) {
      await redis.hset(keys.record(deploymentId), 'checksPassed', 1)
    },

    async hasPassed(deploymentId) {
      return (await redis.hexists(keys.record(deploymentId), 'checksPassed')) === 1
    },

    async isDue(deploymentId) {
      return (await redis.set(askedKey(deploymentId), 1, 'PX', askedMs, 'NX')) === 'OK'
    },

    async noteReport(deploymentId) {
      await redis.del(askedKey(deploymentId))
    },

    async settle(deploymentId) {
      const all = await redis.llen(keys.statuses(deploymentId))
      await noteSent(redis, [keys.record(deploymentId)], [all])
    },

    async fenceOf(repositoryId, environment, deploymentId) {
      const lane = keys.lane(repositoryId, environment)
      const [holder, fence] = await redis.hmget(lane, 'holder', 'fence')
      return holder === String(deploymentId) ? Number(fence) : undefined
    },
  }
}
