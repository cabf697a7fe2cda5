import type { Repository } from '../jobs/job.ts'
import type { Redis } from '../redis/redis.ts'
import { deliveryKeys } from './keys.ts'

/** A repository that deliveries have come from. */
export interface KnownRepository extends Repository {
  /** When the first delivery from it arrived, in milliseconds since 1970. */
  since: number
}

/** The repositories that deliveries have come from, by the names they have now. */
export interface Repositories {
  all(): Promise<KnownRepository[]>
  /** The repository of this name, in capitals or not; undefined if no delivery has come from it. */
  named(fullName: string): Promise<KnownRepository | undefined>
  /** Writes one down that no delivery has come from, if it is not known: GitHub says that it is ours. */
  remember(repository: KnownRepository): Promise<void>
  /** The present `owner/name` of a repository. */
  nameOf(id: number): Promise<string | undefined>
  /** The present `owner/name` of each of these repositories that is known. */
  namesOf(ids: number[]): Promise<Map<number, string>>
}

/** Opens what is known of repositories in Redis; each delivery updates it. */
export function openRepositories(redis: Redis, prefix: string): Repositories {
  const keys = deliveryKeys(prefix)

  const all = async () => {
    const [names, since] = await Promise.all([
      redis.hgetall(keys.repositories),
      redis.hgetall(keys.repositoriesSince),
    ])
    return Object.entries(names).map(([id, fullName]) => {
      const [owner = '', name = ''] = fullName.split('/')
      return { id: Number(id), owner, name, since: Number(since[id] ?? 0) }
    })
  }

  const namesOf = async (ids: number[]) => {
    const distinct = [...new Set(ids)]
    const names = distinct.length === 0 ? [] : await redis.hmget(keys.repositories, ...distinct.map(String))
    const known = distinct.map((id, index) => [id, names[index] ?? ''] as const)
    return new Map(known.filter(([, name]) => name !== ''))
  }

  return {
    all,
    namesOf,
    async remember({ id, owner, name, since }) {
      await Promise.all([
        redis.hsetnx(keys.repositories, String(id), `${owner}/${name}`),
        redis.hsetnx(keys.repositoriesSince, String(id), since),
      ])
    },
    nameOf: async (id) => (await namesOf([id])).get(id),
    async named(fullName) {
      const wanted = fullName.toLowerCase()
      const found = (await all()).filter(({ owner, name }) => `${owner}/${name}`.toLowerCase() === wanted)
      // A name that a renamed repository gave up is the newer one's, whose id is higher.
      return found.toSorted((a, b) => b.id - a.id)[0]
    },
  }
}
