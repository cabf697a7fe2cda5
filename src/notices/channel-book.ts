import type { Redis } from '../redis/redis.ts'
import { redisTime } from '../redis/time.ts'
import type { ChannelName } from './channel-names.ts'
import { begin, broken, letGo, seen, works } from './channel-scripts.ts'

/** How a channel stands. Times are milliseconds since 1970, by Redis's clock. */
export interface ChannelState {
  id: string
  name: string
  kind: string
  repository?: string
  /** How many notices wait for it. */
  waiting: number
  /** Since when it cannot be told, and why; undefined while it works. */
  broken?: { since: number; reason: string }
  /** When it was told last. */
  toldAt?: number
  /** How many notices were let go, when the last one was, and why. */
  letGo: number
  lastLetGo?: { at: number; reason: string }
}

/** What is known of a notice that is about to be sent, and why its channel was broken a moment ago; '' if it was not. */
export interface Begun {
  before: 'new' | 'uncertain' | 'told'
  trouble: string
}

/** What is remembered of the channels. */
export interface ChannelBook {
  /** `told`: this very notice has arrived; `uncertain`: an attempt to send it was never heard of again. */
  begin(channel: string, notice: string): Promise<Begun>
  /** A notice has arrived, or, without one, was refused. Gives since when the channel had been broken, if it was. */
  works(channel: string, notice?: string): Promise<number | undefined>
  /** One could not be sent; `isCertain`: it did not arrive. */
  broken(channel: string, reason: string, isCertain: boolean): Promise<{ isNews: boolean; tries: number }>
  /** One is never sent. */
  letGo(channel: string, reason: string): Promise<void>
  /** These are in the rules of a worker. */
  seen(channels: readonly ChannelName[]): Promise<void>
  /** Those that are in no worker's rules for so long. */
  abandoned(forMs: number): Promise<ChannelState[]>
  /** Forgets a channel; says whether it was known. */
  forget(channel: string): Promise<boolean>
  all(): Promise<ChannelState[]>
}

/** The name of the queue of a channel. */
export function noticeQueue(channel: string): string {
  return `notices-${channel}`
}

/** The key of all that is remembered of a channel. */
export function channelKey(prefix: string, channel: string): string {
  return `${prefix}:channel:${channel}`
}

/** Opens what is remembered of the channels in Redis: a sorted set of them, by when they were seen last, and a hash of each. */
export function openChannelBook(redis: Redis, prefix: string): ChannelBook {
  const channels = `${prefix}:channels`
  const keyOf = (id: string) => channelKey(prefix, id)

  const read = async (ids: readonly string[]): Promise<ChannelState[]> => {
    const pipeline = redis.pipeline()
    for (const id of ids) {
      const queue = `${prefix}:${noticeQueue(id)}`
      pipeline.hgetall(keyOf(id)).llen(`${queue}:wait`).llen(`${queue}:active`)
    }
    const answers = ((await pipeline.exec()) ?? []).map(([error, value]) => {
      if (error) throw error
      return value
    })
    return ids.map((id, index) => {
      const [hash, waiting, active] = answers.slice(3 * index, 3 * index + 3)
      return toState(id, hash as Record<string, string>, Number(waiting) + Number(active))
    })
  }

  return {
    async begin(channel, notice) {
      const answer = await begin(redis, [keyOf(channel)], [notice])
      const [before, trouble] = answer as [Begun['before'], string]
      return { before, trouble }
    },

    async works(channel, notice = '') {
      const since = await works(redis, [keyOf(channel)], [notice])
      return since === '' ? undefined : Number(since)
    },

    async broken(channel, reason, isCertain) {
      const answer = await broken(redis, [keyOf(channel)], [reason, Number(isCertain)])
      const [isNews, tries] = answer as [number, number]
      return { isNews: isNews === 1, tries }
    },

    async letGo(channel, reason) {
      await letGo(redis, [keyOf(channel)], [reason])
    },

    async seen(names) {
      if (names.length === 0) return
      const args = names.flatMap(({ id, name, kind, repository }) => [id, name, kind, repository ?? ''])
      await seen(redis, [channels, ...names.map(({ id }) => keyOf(id))], args)
    },

    async abandoned(forMs) {
      const nowMs = await redisTime(redis, channels)
      return read(await redis.zrangebyscore(channels, '-inf', nowMs - forMs))
    },

    async forget(id) {
      const answers = await redis.multi().zrem(channels, id).del(keyOf(id)).exec()
      return answers?.[0]?.[1] === 1
    },

    all: async () =>
      (await read(await redis.zrange(channels, 0, '-1'))).sort((a, b) => a.name.localeCompare(b.name)),
  }
}

function toState(id: string, hash: Record<string, string>, waiting: number): ChannelState {
  const { name = id, kind = '', repository, since, reason = '', toldAt, letGo, letGoAt } = hash
  return {
    ...{ id, name, kind, waiting, letGo: Number(letGo ?? 0) },
    ...(repository ? { repository } : {}),
    ...(since === undefined ? {} : { broken: { since: Number(since), reason } }),
    ...(toldAt === undefined ? {} : { toldAt: Number(toldAt) }),
    ...(letGoAt === undefined ? {} : { lastLetGo: { at: Number(letGoAt), reason: hash.letGoReason ?? '' } }),
  }
}
