import type { ProcessDeployment } from '../jobs/job.ts'
import type { Queues } from '../jobs/queues.ts'
import { wakeDeployment } from '../jobs/wake.ts'
import type { Redis } from '../redis/redis.ts'
import { cancel, override } from './cancel-scripts.ts'
import type { Keys } from './keys.ts'

/** How a deployment is to end before its time, and who wants it. */
export interface Cancellation {
  by: string
  /** What it ends with, if it has not begun: at most 140 code points. */
  before: string
  /** What it ends with, if it runs; without it, what runs is left alone. */
  during?: string
}

/** `ended`: now; `asked`: whoever runs it ends it; `runs`: it is left alone; `over`: it was over already. */
export type Cancelled = 'ended' | 'asked' | 'runs' | 'over' | 'unknown'

/** A deployment and where it is deployed. */
export interface LaneSubject {
  repository: Pick<ProcessDeployment['repository'], 'id'>
  deployment: Pick<ProcessDeployment['deployment'], 'id' | 'environment'>
}

/** What people do to a deployment that is not over. */
export interface Cancelling {
  /** Ends one that is written down, in one step, or asks its run to end. */
  cancel(job: LaneSubject, how: Cancellation): Promise<Cancelled>
  /** What a run is asked to end with. */
  asked(deploymentId: number): Promise<Required<Cancellation> | undefined>
  /** Lets one that has not begun pass soft locks, windows and freezes; false if it has begun. */
  override(deploymentId: number, by: string): Promise<boolean>
}

/** Opens it in Redis. The queues are for waking the deployment, so that GitHub is told. */
export function openCancelling(redis: Redis, keys: Keys, queues: Queues): Cancelling {
  return {
    async cancel({ repository, deployment: { id, environment } }, { by, before, during = '' }) {
      const touched = [
        keys.lane(repository.id, environment),
        keys.waiting(repository.id, environment),
        keys.record(id),
        keys.statuses(id),
        keys.held(repository.id, environment),
      ]
      const cancelled = (await cancel(redis, touched, [id, before, during, by])) as Cancelled
      if (cancelled === 'ended') {
        // Whatever waits behind it may have its turn now.
        const behind = await redis.hkeys(keys.waiting(repository.id, environment))
        await Promise.all([id, ...behind].map((each) => wakeDeployment(queues, Number(each))))
      }
      return cancelled
    },

    async asked(deploymentId) {
      return readCancelAsked((await redis.hget(keys.record(deploymentId), 'cancelAsked')) ?? undefined)
    },

    async override(deploymentId, by) {
      return (await override(redis, [keys.record(deploymentId)], [by])) === 1
    },
  }
}

/** What a run is asked to end with, as its record has it. */
export function readCancelAsked(json: string | undefined): Required<Cancellation> | undefined {
  return json === undefined ? undefined : JSON.parse(json)
}
