import type { Redis } from '../../src/redis/redis.ts'

/** What the reconciler remembers between its passes, for the whole fleet. Times are milliseconds since 1970. */
export interface Memory {
  /** Since when a repository is ours, as far as is known: `since`, or earlier if that was known before. */
  ownedSince(repositoryId: number, since: number): Promise<number>
  /** From when on the deliveries of each of a repository's hooks are to be looked at, by the hook's id. */
  lookFrom(repositoryId: number): Promise<Map<number, number>>
  rememberLookFrom(repositoryId: number, hookId: number, from: number): Promise<void>
  /** Whether this is said for the first time in a week; {@link unsay} lets it be said again. */
  sayOnce(repositoryId: number, what: string): Promise<boolean>
  unsay(repositoryId: number, what: string): Promise<void>
  /** Whether a redelivery may be asked for now: once in an hour. */
  mayAskFor(guid: string): Promise<boolean>
  /** Whether a repository that nothing has come from may be looked for now: once in a day. */
  mayLookFor(fullName: string): Promise<boolean>
  /** Which of these deployments are known to need nothing. */
  settled(deploymentIds: number[]): Promise<Set<number>>
  settle(deploymentId: number): Promise<void>
  /** Which of these deployments are known not to be what is deployed. */
  past(deploymentIds: number[]): Promise<Set<number>>
  notePast(deploymentId: number): Promise<void>
  /** The repository that the last pass came to the end of. */
  lastRepository(): Promise<number>
  rememberLastRepository(repositoryId: number): Promise<void>
}

const hourMs = 3_600_000
const twoDaysMs = 48 * hourMs
const weekMs = 7 * 24 * hourMs

/** Opens the memory in Redis. */
export function openMemory(redis: Redis, prefix: string): Memory {
  const below = `${prefix}:reconciler`
  const repository = (id: number) => `${below}:repository:${id}`
  const settled = (id: number) => `${below}:settled:${id}`
  const past = (id: number) => `${below}:past:${id}`
  const which = async (ids: number[], keyOf: (id: number) => string) => {
    const pipeline = redis.pipeline()
    for (const id of ids) pipeline.exists(keyOf(id))
    const answers = (await pipeline.exec()) ?? []
    return new Set(ids.filter((_id, index) => answers[index]?.[1] === 1))
  }
  const said = (id: number, what: string) => `${below}:said:${id}:${what}`
  return {
    async ownedSince(repositoryId, since) {
      const known = Number((await redis.hget(repository(repositoryId), 'since')) ?? Number.POSITIVE_INFINITY)
      if (since < known) await redis.hset(repository(repositoryId), 'since', since)
      return Math.min(since, known)
    },

    async lookFrom(repositoryId) {
      const fields = Object.entries(await redis.hgetall(repository(repositoryId)))
      return new Map(
        fields
          .filter(([field]) => field.startsWith('hook:'))
          .map(([field, from]) => [Number(field.slice('hook:'.length)), Number(from)]),
      )
    },

    async rememberLookFrom(repositoryId, hookId, from) {
      await redis.hset(repository(repositoryId), `hook:${hookId}`, from)
    },

    async sayOnce(repositoryId, what) {
      return (await redis.set(said(repositoryId, what), 1, 'PX', weekMs, 'NX')) === 'OK'
    },

    async unsay(repositoryId, what) {
      await redis.del(said(repositoryId, what))
    },

    async mayAskFor(guid) {
      return (await redis.set(`${below}:redelivery:${guid}`, 1, 'PX', hourMs, 'NX')) === 'OK'
    },

    async mayLookFor(fullName) {
      const key = `${below}:looked:${fullName.toLowerCase()}`
      return (await redis.set(key, 1, 'PX', 24 * hourMs, 'NX')) === 'OK'
    },

    settled: (deploymentIds) => which(deploymentIds, settled),
    past: (deploymentIds) => which(deploymentIds, past),

    async notePast(deploymentId) {
      await redis.set(past(deploymentId), 1, 'PX', twoDaysMs)
    },

    async settle(deploymentId) {
      await redis.set(settled(deploymentId), 1, 'PX', twoDaysMs)
    },

    async lastRepository() {
      return Number((await redis.get(`${below}:last-repository`)) ?? 0)
    },

    async rememberLastRepository(repositoryId) {
      await redis.set(`${below}:last-repository`, repositoryId)
    },
  }
}
