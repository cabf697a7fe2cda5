import type { Reaction } from '../../src/github/comments.ts'
import type { CommandInComment } from '../../src/jobs/job.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { CommandResult } from './result.ts'

/** What is known of a command in a comment. Each part is written once it is so, for whoever goes on after a crash. */
export interface Remembered {
  /** What was asked, by whom. */
  asked: CommandInComment
  /** The deployment that it was decided to act on. */
  target?: number
  /** What became of it. */
  result?: CommandResult
  /** The id of the reaction that says that it was seen. */
  seen?: number
  /** The reaction that says how it went. */
  reacted?: Reaction
  /** What nobody else knows before our comment is written: it tells ours among others. */
  mark?: string
  /** The id of our comment, or 0: somebody has deleted it. */
  answer?: number
  /** What it says. */
  said?: string
}

/** The memory of commands in comments, by the ids of those. */
export interface CommandMemory {
  read(comment: number): Promise<Remembered | undefined>
  note(comment: number, facts: Partial<Remembered>): Promise<void>
  /** Notes it unless there is something already; gives what there is. */
  noteFirst<F extends 'mark' | 'target'>(
    comment: number,
    field: F,
    value: NonNullable<Remembered[F]>,
  ): Promise<NonNullable<Remembered[F]>>
  /** Has a command hear of news about something. */
  follow(topic: string, comment: number): Promise<void>
  /** The commands that want to hear of it. */
  followers(topic: string): Promise<number[]>
}

/** As long as deployments are remembered. */
const keptMs = 90 * 24 * 3600 * 1000

/** The news of a request for a deployment. */
export const requestTopic = (request: string) => `request:${request}`
/** The news of a pull request that is to be merged. */
export const mergeTopic = (repositoryId: number, pullRequest: number) =>
  `merge:${repositoryId}:${pullRequest}`

/** Opens the memory in Redis: a hash a command, a set a topic. */
export function openCommandMemory(redis: Redis, prefix: string): CommandMemory {
  const keyOf = (comment: number) => `${prefix}:command:${comment}`
  const topicKey = (topic: string) => `${prefix}:command-followers:${topic}`

  const read = async (comment: number): Promise<Remembered | undefined> => {
    const fields = Object.entries(await redis.hgetall(keyOf(comment)))
    const facts = Object.fromEntries(fields.map(([name, json]) => [name, JSON.parse(json)]))
    return facts.asked === undefined ? undefined : (facts as Remembered)
  }

  return {
    read,

    async note(comment, facts) {
      const fields = Object.entries(facts).flatMap(([name, value]) => [name, JSON.stringify(value)])
      await redis
        .multi()
        .hset(keyOf(comment), ...fields)
        .pexpire(keyOf(comment), keptMs)
        .exec()
    },

    async noteFirst(comment, field, value) {
      await redis.hsetnx(keyOf(comment), field, JSON.stringify(value))
      const known = await redis.hget(keyOf(comment), field)
      return known === null ? value : JSON.parse(known)
    },

    async follow(topic, comment) {
      await redis.multi().sadd(topicKey(topic), comment).pexpire(topicKey(topic), keptMs).exec()
    },

    async followers(topic) {
      return (await redis.smembers(topicKey(topic))).map(Number)
    },
  }
}
