import type { ProcessDeployment } from '../jobs/job.ts'
import type { Queues } from '../jobs/queues.ts'
import { wakeDeployment } from '../jobs/wake.ts'
import type { Redis } from '../redis/redis.ts'
import { type EarlierRuns, toEarlierRuns } from './earlier-runs.ts'
import type { Keys } from './keys.ts'
import { begin, deployed, end, enter, finish, handBack, renew, sayWaiting } from './lane-scripts.ts'

/** What is done with the deployments that wait in a lane: the newest replaces the others, or each has its turn. */
export type LanePolicy = 'supersede' | 'queue'

/** The answer to a deployment that asks to run. */
export type Entry =
  /** The lane is its own. */
  | { outcome: 'run'; fence: number; earlier: EarlierRuns }
  /** The lane is busy with another. */
  | { outcome: 'wait'; behind: string; place: number }
  /** The lane is free, and the turn is another's. */
  | { outcome: 'turn'; behind: string; place: number }
  /** A run of this very deployment may still be alive; in `leftMs` it is known to be lost. */
  | { outcome: 'alive'; leftMs: number }
  /** A newer one replaced it before it began; it has been ended. */
  | { outcome: 'superseded'; by: string }
  /** It began and was lost, and a newer one has begun since. */
  | { outcome: 'overtaken'; by: string }
  | { outcome: 'ended' }

/**
 * A lane is one repository and environment: at most one deployment at a time is between in_progress and its
 * final status there, on any number of workers. Who holds a lane has a lease on it, and a fencing token that
 * rises: whoever lost the lane can change nothing any more.
 */
export interface Lanes {
  /** Asks to run; `rules` is the digest of the rules that it then runs under. */
  enter(job: ProcessDeployment, policy: LanePolicy, worker: string, rules?: string): Promise<Entry>
  /** Renews the lease; false if another has the lane by now. */
  renew(job: ProcessDeployment, fence: number): Promise<boolean>
  /** Ends a run with its final status and frees the lane; false if the lane was lost: then it has no say. */
  finish(
    job: ProcessDeployment,
    fence: number,
    state: FinalState,
    description: string,
    more?: RunEnding,
  ): Promise<boolean>
  /**
   * Begins the work and gives it the status in_progress. By the policy `supersede`, the older ones that have not begun then
   * end, held back or not. `barriers` is what {@link Held.barriers} said before the look that found nothing to hold it
   * back: if there is something new since, nothing is begun.
   */
  begin(job: ProcessDeployment, fence: number, barriers?: string): Promise<Beginning>
  /** Notes that the work is done and is still to be verified; false if the lane was lost. */
  deployed(job: ProcessDeployment, fence: number, outcome: string): Promise<boolean>
  /**
   * Hands the lane back without an end: before the work began, or after it was `stopped` to be begun again.
   */
  handBack(job: ProcessDeployment, fence: number, stopped: boolean): Promise<void>
  /** Wakes whoever is next of those that wait: the lane was handed back, and its holder will not take it again soon. */
  wakeNext(job: ProcessDeployment): Promise<void>
  /** Ends a deployment that does not run; false if it is over already or a run of it may be alive. */
  end(job: ProcessDeployment, state: FinalState, description: string): Promise<boolean>
  /** Gives it the status `queued`, if what it waits for is news. */
  sayWaiting(deploymentId: number, description: string): Promise<void>
  /** Whether nobody holds the lane now. */
  isFree(job: ProcessDeployment): Promise<boolean>
}

/** What the script `enter` gives. */
type Entered =
  | [outcome: 'run', fence: number, earlier: (string | null)[], ...lost: string[]]
  | [outcome: Exclude<Entry['outcome'], 'run'>, ...(string | number)[]]

/** Whether the work may begin: not if the lane was lost, or something new may hold it back. */
export type Beginning = 'begun' | 'lost' | 'look again'

export type FinalState = 'success' | 'failure' | 'error' | 'inactive'

/** What else there is to be said of the end of a run. */
export interface RunEnding {
  /** Whether it was verified. */
  verified?: boolean | undefined
  /** The commit that is to be deployed again in its place. */
  rollbackTo?: string | undefined
  /** Who cancelled it. */
  cancelledBy?: string | undefined
}

/** A waiting deployment asks again at least this often; one that was not heard of for four times this is gone. */
export const askAgainMs = 15_000

/**
 * Opens the lanes in Redis. The queues are for waking what waits; `leaseMs` is how long a lane stays taken after
 * its holder was last heard of.
 */
export function openLanes(redis: Redis, keys: Keys, queues: Queues, leaseMs: number): Lanes {
  const laneOf = ({ repository, deployment }: ProcessDeployment) =>
    [
      keys.lane(repository.id, deployment.environment),
      keys.waiting(repository.id, deployment.environment),
      keys.record(deployment.id),
      keys.statuses(deployment.id),
      keys.held(repository.id, deployment.environment),
    ] as const

  // One that does not sleep yet looks at the lane before it does.
  const wake = (ids: string[]) => Promise.all(ids.map((id) => wakeDeployment(queues, Number(id))))

  // In turn it is the oldest's, by superseding the newest's, which then wakes those that it replaces.
  const wakeNext = async (waiting: string[]) => {
    const byAge = waiting.toSorted((a, b) => Number(a) - Number(b))
    await wake([...new Set([...byAge.slice(0, 1), ...byAge.slice(-1)])])
  }

  return {
    async enter(job, policy, worker, rules = '') {
      const args = [job.deployment.id, policy, worker, leaseMs, 4 * askAgainMs, rules]
      const answer = (await enter(redis, [...laneOf(job)], args)) as Entered
      if (answer[0] === 'run') {
        const [outcome, fence, earlier, ...lost] = answer
        await wake(lost)
        return { outcome, fence, earlier: toEarlierRuns(earlier) }
      }
      const [outcome, ...rest] = answer
      const [first = '', second = '', ...others] = rest.map(String)
      if (outcome === 'wait' || outcome === 'turn') {
        await wake(outcome === 'turn' ? [first] : others)
        return { outcome, behind: first, place: Number(second) }
      }
      if (outcome === 'alive') return { outcome, leftMs: Number(first) }
      if (outcome === 'ended') return { outcome }
      return { outcome, by: first }
    },

    async renew({ repository, deployment }, fence) {
      const lane = keys.lane(repository.id, deployment.environment)
      return (await renew(redis, [lane], [deployment.id, fence, leaseMs])) === 1
    },

    async finish(job, fence, state, description, more = {}) {
      const { verified = false, rollbackTo = '', cancelledBy = '' } = more
      const args = [job.deployment.id, fence, state, description, Number(verified), rollbackTo, cancelledBy]
      const waiting = await finish(redis, [...laneOf(job)], args)
      if (waiting === null) return false
      await wakeNext(waiting as string[])
      return true
    },

    async begin(job, fence, barriers = '') {
      const [lane, waiting, record, statuses, held] = laneOf(job)
      const touched = [lane, record, statuses, waiting, held]
      const superseded = await begin(redis, touched, [job.deployment.id, fence, barriers])
      if (superseded === null) return 'lost'
      if (superseded === 'look again') return 'look again'
      await wake(superseded as string[])
      return 'begun'
    },

    async deployed(job, fence, outcome) {
      const [lane, , record] = laneOf(job)
      return (await deployed(redis, [lane, record], [job.deployment.id, fence, outcome])) === 1
    },

    async handBack(job, fence, stopped) {
      const [lane, , record] = laneOf(job)
      await handBack(redis, [lane, record], [job.deployment.id, fence, Number(stopped)])
    },

    async wakeNext(job) {
      const [, waiting] = laneOf(job)
      await wakeNext(await redis.hkeys(waiting))
    },

    async end(job, state, description) {
      return (await end(redis, [...laneOf(job)], [job.deployment.id, state, description])) === 1
    },

    async sayWaiting(deploymentId, description) {
      await sayWaiting(redis, [keys.record(deploymentId), keys.statuses(deploymentId)], [description])
    },

    async isFree({ repository, deployment }) {
      return (await redis.hexists(keys.lane(repository.id, deployment.environment), 'holder')) === 0
    },
  }
}
