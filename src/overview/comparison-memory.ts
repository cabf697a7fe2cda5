import type { ComparedCommits } from '../github/compare.ts'
import { defineScript, type Redis } from '../redis/redis.ts'
import type { Comparison, ComparisonWish } from './overview.ts'

/** What is remembered of a comparison. */
export interface Remembered {
  answer?: Comparison
  unknown?: string
  /** What happened to it less than a minute ago: it was asked for, or GitHub gave this answer. */
  lately?: 'asked' | 'answered'
  /** GitHub's mark on its answer: while nothing has changed, asking again with it costs nothing. */
  etag?: string
}

export type RememberedCount = Omit<Remembered, 'answer'> & { answer?: Omit<Comparison, 'commits'> }

/** What GitHub said of comparisons. */
export interface ComparisonMemory {
  read(wish: ComparisonWish): Promise<Remembered>
  /** Many in one round trip, without their commits. */
  count(wishes: readonly ComparisonWish[]): Promise<RememberedCount[]>
  write(wish: ComparisonWish, compared: ComparedCommits): Promise<void>
  /** Notes that GitHub's answer is still the same. */
  freshen(wish: ComparisonWish): Promise<void>
  /** Notes why there is no answer; for a while. */
  writeUnknown(wish: ComparisonWish, reason: string): Promise<void>
  /** Which of these nobody has asked for in the last minute. Whoever is told so asks. */
  claim(wishes: readonly ComparisonWish[]): Promise<ComparisonWish[]>
  /** The default branch of a repository, if it was learnt lately. */
  defaultBranch(repositoryId: number): Promise<string | undefined>
  rememberDefaultBranch(repositoryId: number, branch: string): Promise<void>
}

const keptMs = 30 * 24 * 3600_000
const unknownMs = 10 * 60_000
const freshMs = 60_000
const defaultBranchMs = 3600_000

/** Reads fields of many, and what happened to each lately. Keys: each, and its `lately`. Arguments: fields. */
const readMany = defineScript(`
local found = {}
for index = 1, #KEYS, 2 do
  local values = redis.call('HMGET', KEYS[index], unpack(ARGV))
  table.insert(values, redis.call('GET', KEYS[index + 1]))
  table.insert(found, values)
end
return found
`)

/** Redis does nothing else while it reads this many: less than a millisecond. */
const atOnce = 100

/** Opens the memory of comparisons in Redis. */
export function openComparisonMemory(redis: Redis, prefix: string): ComparisonMemory {
  const key = ({ repositoryId, base, head }: ComparisonWish) =>
    `${prefix}:comparison:${repositoryId}:${base}:${head}`
  // What it holds is when it was asked for last, or answered; it is gone when that is a minute ago.
  const lately = (wish: ComparisonWish) => `${key(wish)}:lately`
  const branch = (repositoryId: number) => `${prefix}:default-branch:${repositoryId}`

  const readAll = async (wishes: readonly ComparisonWish[], fields: readonly string[]): Promise<Found[]> => {
    const parts: string[][] = []
    for (let from = 0; from < wishes.length; from += atOnce) {
      parts.push(wishes.slice(from, from + atOnce).flatMap((wish) => [key(wish), lately(wish)]))
    }
    const answers = await Promise.all(parts.map((touched) => readMany(redis, touched, [...fields])))
    return (answers as (string | null)[][][]).flat().map((values) => ({
      values: values.slice(0, fields.length),
      lately: values[fields.length],
    }))
  }

  const counts = ['ahead', 'behind', 'unknown', 'etag'] as const
  const replace = async (wish: ComparisonWish, fields: Record<string, string | number>, forMs: number) => {
    const steps = redis.multi().del(key(wish)).hset(key(wish), fields).pexpire(key(wish), forMs)
    await steps.set(lately(wish), 'answered', 'PX', freshMs).exec()
  }

  return {
    async read(wish) {
      const [found] = await readAll([wish], [...counts, 'commits'])
      const { answer, ...rest } = toCount(found)
      const commits = found?.values[counts.length]
      return answer && commits ? { ...rest, answer: { ...answer, commits: JSON.parse(commits) } } : rest
    },

    async count(wishes) {
      return wishes.length === 0 ? [] : (await readAll(wishes, counts)).map(toCount)
    },

    async write(wish, { etag, ahead, behind, commits }) {
      const fields = {
        ahead,
        behind,
        commits: JSON.stringify(commits),
        ...(etag === undefined ? {} : { etag }),
      }
      await replace(wish, fields, keptMs)
    },

    async freshen(wish) {
      await redis.multi().pexpire(key(wish), keptMs).set(lately(wish), 'answered', 'PX', freshMs).exec()
    },

    writeUnknown: (wish, reason) => replace(wish, { unknown: reason }, unknownMs),

    async claim(wishes) {
      if (wishes.length === 0) return []
      const pipeline = redis.pipeline()
      for (const wish of wishes) pipeline.set(lately(wish), 'asked', 'PX', freshMs, 'NX')
      const answers = (await pipeline.exec()) ?? []
      return wishes.filter((_wish, index) => answers[index]?.[1] === 'OK')
    },

    defaultBranch: async (repositoryId) => (await redis.get(branch(repositoryId))) ?? undefined,

    async rememberDefaultBranch(repositoryId, name) {
      await redis.set(branch(repositoryId), name, 'PX', defaultBranchMs)
    },
  }
}

/** The values of the fields that were asked for, and what happened to it lately. */
interface Found {
  values: (string | null)[]
  lately: string | null | undefined
}

function toCount(found: Found | undefined): RememberedCount {
  const [ahead, behind, unknown, etag] = found?.values ?? []
  return {
    ...(found?.lately === 'asked' || found?.lately === 'answered' ? { lately: found.lately } : {}),
    ...(ahead && behind ? { answer: { ahead: Number(ahead), behind: Number(behind) } } : {}),
    ...(unknown ? { unknown } : {}),
    ...(etag ? { etag } : {}),
  }
}
