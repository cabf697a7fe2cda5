import type { Repositories } from '../deliveries/repositories.ts'
import type { Enqueue } from '../jobs/enqueue.ts'
import { compareJobId } from '../jobs/job-ids.ts'
import type { ComparisonMemory, Remembered, RememberedCount } from './comparison-memory.ts'
import type { Comparisons, ComparisonWish, Known } from './overview.ts'

export interface ComparisonsOptions {
  memory: ComparisonMemory
  repositories: Pick<Repositories, 'namesOf'>
  enqueue: Enqueue
}

/** One look asks for no more than this; whoever looks again soon asks for the rest. */
const askedAtOnce = 50

const sha = /^[0-9a-f]{40}([0-9a-f]{24})?$/

/**
 * Opens the comparisons. GitHub is asked only for what somebody looks at: each comparison at most once at a time, and of a branch
 * at most once a minute in the whole fleet.
 */
export function openComparisons({ memory, repositories, enqueue }: ComparisonsOptions): Comparisons {
  const ask = async (wishes: ComparisonWish[]) => {
    const claimed = await memory.claim(distinct(wishes).slice(0, askedAtOnce))
    const names = await repositories.namesOf(claimed.map(({ repositoryId }) => repositoryId))
    const jobs = claimed.flatMap(({ repositoryId, base, head }) => {
      const [owner, name] = names.get(repositoryId)?.split('/') ?? []
      if (owner === undefined || name === undefined) return []
      const repository = { id: repositoryId, owner, name }
      const id = compareJobId(repositoryId, base, head)
      return [{ name: 'compare' as const, id, data: { repository, base, head } }]
    })
    await Promise.all(jobs.map((job) => enqueue(job)))
  }

  const look = async (wish: ComparisonWish) => {
    const found = await memory.read(wish)
    if (isToBeAsked(wish, found)) await ask([wish])
    return toKnown(wish, found)
  }

  return {
    look,
    read: async (repositoryId, base, head) => (await look({ repositoryId, base, head })).answer,

    async count(wishes) {
      const found = await memory.count(wishes)
      const both = wishes.map((wish, index) => ({ wish, known: found[index] ?? {} }))
      const missing = both.filter(({ wish, known }) => isToBeAsked(wish, known))
      // What is not known at all comes before what may be old.
      missing.sort((a, b) => Number(a.known.answer !== undefined) - Number(b.known.answer !== undefined))
      if (missing.length > 0) await ask(missing.map(({ wish }) => wish))
      return both.map(({ wish, known }) => toKnown(wish, known))
    },
  }
}

type Found = Remembered | RememberedCount

/** Between two shas, the answer never changes. */
function isToBeAsked({ head }: ComparisonWish, { answer, unknown, lately }: Found): boolean {
  if (lately !== undefined || unknown !== undefined) return false
  return answer === undefined || !sha.test(head)
}

function toKnown<Answer>(
  { head }: ComparisonWish,
  { answer, unknown, lately }: { answer?: Answer; unknown?: string; lately?: string },
): Known<Answer> {
  return {
    ...(answer === undefined ? {} : { answer }),
    isStale: answer !== undefined && lately !== 'answered' && !sha.test(head),
    ...(unknown === undefined ? {} : { unknown }),
  }
}

function distinct(wishes: readonly ComparisonWish[]): ComparisonWish[] {
  const byName = new Map(wishes.map((wish) => [`${wish.repositoryId}:${wish.base}:${wish.head}`, wish]))
  return [...byName.values()]
}
