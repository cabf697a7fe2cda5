import { defaultRetention } from '../deployments/record.ts'
import type { CancelChecks, Check } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'
import { checkIdOf } from './id.ts'
import type { CheckKeys } from './keys.ts'
import { type CheckEnd, type CheckRecord, toRecord } from './record.ts'
import { begin, cancel, close, end, goesOn, handBack, sayWaiting, settle, want } from './scripts.ts'
import { wisherOf } from './wisher.ts'

/** The form of the records; a newer worker reads older ones. */
const schemaVersion = 1

/** A run that was begun; whoever ends it must name it. */
export interface Begun {
  id: string
  run: number
  fence: number
}

/** The memory of all checks. */
export interface Checks {
  /**
   * Writes down that a pull request wants a check. Gives the check's id and the number of its run; undefined if the pull
   * request is known to have another head by now, or to be closed.
   */
  want(job: Check, jobId: string): Promise<{ id: string; run: number } | undefined>
  read(id: string): Promise<CheckRecord | undefined>
  /** Ends what nobody waits for any more; gives the ids of what is cancelled and GitHub does not know of yet. */
  cancel(job: CancelChecks, description: string): Promise<string[]>
  /** Begins a run; undefined if there is nothing to run any more, or too many workers were lost with it. */
  begin(id: string, run: number, worker: string): Promise<Begun | undefined>
  /** Whether a run goes on: it was not cancelled, and no other worker has it. */
  goesOn(begun: Begun): Promise<boolean>
  /** Ends a run; false if it has no say any more. */
  end(begun: Begun, state: CheckEnd, description: string): Promise<boolean>
  /** Hands a run back without an end: another worker begins it again. */
  handBack(begun: Begun): Promise<void>
  /** Says what one waits for that has not begun. */
  sayWaiting(id: string, words: string): Promise<void>
  /** Ends what is not over, whoever runs it. */
  settle(id: string, state: CheckEnd, description: string): Promise<void>
  /** A status is about to be written. */
  reporting(id: string): Promise<void>
  /** GitHub is known to have this, '' for nothing. */
  reported(id: string, what: string): Promise<void>
  unreportable(id: string, reason: string): Promise<void>
  /** Nothing is left to do about a check: it is only kept to be looked at, for a time. */
  close(id: string): Promise<void>
  /** The ids of those that something is left to do about. */
  open(): Promise<string[]>
  isOpen(id: string): Promise<boolean>
}

/** A check that takes its worker down is tried no more often than this. */
const mostTries = 3

/** Opens the memory of checks in Redis. Of one repository, as many are kept as of one lane's deployments. */
export function openChecks(redis: Redis, keys: CheckKeys, retention = defaultRetention): Checks {
  const { keptMs, keptPerLane } = retention
  const tokenOf = ({ run, fence }: Begun) => [run, fence]
  return {
    async want(job, jobId) {
      const { repository, pullRequest, context, at, delivery } = job
      const { number, sha, ref, base, fork, author } = pullRequest
      const wisher = wisherOf(number, pullRequest.mergeGroup && sha)
      const id = checkIdOf(repository.id, sha, context)
      const fields = {
        v: schemaVersion,
        repositoryId: repository.id,
        owner: repository.owner,
        name: repository.name,
        context,
        pullRequest: number,
        sha,
        ref,
        base,
        fork: Number(fork),
        author,
        delivery,
      }
      const touched = [
        keys.record(id),
        keys.wishes(id),
        keys.pull(repository.id, wisher),
        keys.ofPull(repository.id, wisher),
        keys.ofRepository(repository.id),
        keys.open,
      ]
      const args = [id, wisher, at, sha, jobId, keptMs, keptPerLane, ...Object.entries(fields).flat()]
      const run = Number(await want(redis, touched, args))
      return run === 0 ? undefined : { id, run }
    },

    async read(id) {
      const hash = await redis.hgetall(keys.record(id))
      return hash.id === undefined ? undefined : toRecord(hash)
    },

    async cancel({ repository, pullRequest, mergeGroup, at, pushed }, description) {
      const wisher = wisherOf(pullRequest, mergeGroup)
      const touched = [keys.pull(repository.id, wisher), keys.ofPull(repository.id, wisher)]
      const heads = [pushed?.after ?? '', pushed?.before ?? '']
      const args = [wisher, at, ...heads, keys.records, keptMs, description]
      return (await cancel(redis, touched, args)) as string[]
    },

    async begin(id, run, worker) {
      const reason = `The worker running it was lost ${mostTries} times: it is not tried again.`
      const fence = Number(await begin(redis, [keys.record(id)], [run, worker, mostTries, reason]))
      return fence === 0 ? undefined : { id, run, fence }
    },

    async goesOn(begun) {
      return (await goesOn(redis, [keys.record(begun.id)], tokenOf(begun))) === 1
    },

    async end(begun, state, description) {
      return (await end(redis, [keys.record(begun.id)], [...tokenOf(begun), state, description])) === 1
    },

    async handBack(begun) {
      await handBack(redis, [keys.record(begun.id)], tokenOf(begun))
    },

    async sayWaiting(id, words) {
      await sayWaiting(redis, [keys.record(id)], [words])
    },

    async settle(id, state, description) {
      await settle(redis, [keys.record(id)], [state, description])
    },

    async reporting(id) {
      await redis.hset(keys.record(id), 'reporting', 1)
    },

    async reported(id, what) {
      await redis.multi().hset(keys.record(id), 'reported', what).hdel(keys.record(id), 'reporting').exec()
    },

    async unreportable(id, reason) {
      await redis.hset(keys.record(id), 'unreportable', reason)
    },

    async close(id) {
      const touched = [keys.record(id), keys.log(id), keys.open]
      await close(redis, touched, [id, keptMs])
    },

    open: () => redis.smembers(keys.open),
    isOpen: async (id) => (await redis.sismember(keys.open, id)) === 1,
  }
}
