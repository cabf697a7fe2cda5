import { randomBytes } from 'node:crypto'
import { matchGlobs } from '../config/match-globs.ts'
import { luaNow } from '../redis/now-script.ts'
import { defineScript, type Redis } from '../redis/redis.ts'
import { redisTime } from '../redis/time.ts'
import { digestOf, randomSecret } from './digests.ts'
import type { Role } from './role.ts'

/** A token for machines, as people see it. */
export interface ApiToken {
  id: string
  name: string
  role: Role
  /** Globs of the repositories that it is for; none: all. */
  repositories: readonly string[]
  /** Who made it, by name. */
  createdBy: string
  /** Milliseconds since 1970. */
  createdAt: number
  expiresAt: number
  /** Undefined: never. It is not noted at each use. */
  lastUsedAt?: number
}

export interface TokenWish extends Pick<ApiToken, 'name' | 'role' | 'repositories' | 'createdBy'> {
  lifetimeMs: number
}

/** API tokens. Of the secret, Redis has the digest only. */
export interface Tokens {
  /** Makes one; its secret is told this once. */
  create(wish: TokenWish): Promise<{ secret: string; token: ApiToken }>
  /** The token of a secret, if it is in force. */
  find(secret: string): Promise<ApiToken | undefined>
  read(id: string): Promise<ApiToken | undefined>
  /** All, the newest first; those that expired lately too. */
  list(): Promise<ApiToken[]>
  /** Ends one, and gives what it was. */
  revoke(id: string): Promise<ApiToken | undefined>
  /** The role of one in a repository, or, without one, everywhere; undefined: none, or it is not in force. */
  roleOf(id: string, repository?: string): Promise<Role | undefined>
}

/** Each secret begins so, that whoever finds one knows what it is. */
export const secretPrefix = 'liv_'

/** That one has expired can be seen for so long. */
const shownMs = 30 * 24 * 3_600_000
const noteEveryMs = 60_000

/** Keys: all tokens (digest to id), the token. Arguments: digest, id, what it is as JSON, for how many ms it is in force and shown. */
const create = defineScript(`${luaNow}
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], 'what', ARGV[3], 'digest', ARGV[1], 'createdAt', now(), 'expiresAt', now() + ARGV[4])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
return redis.call('HMGET', KEYS[2], 'createdAt', 'expiresAt')
`)

/** Gives the id of what is in force, and notes that it was used. Keys: all tokens. Arguments: digest, how often that is noted. */
const use = defineScript(`${luaNow}
local id = redis.call('HGET', KEYS[1], ARGV[1])
if not id then return nil end
local key = KEYS[1] .. ':' .. id
local found = redis.call('HMGET', key, 'expiresAt', 'usedAt')
if not found[1] or tonumber(found[1]) <= now() then return nil end
if not found[2] or now() - found[2] > tonumber(ARGV[2]) then redis.call('HSET', key, 'usedAt', now()) end
return id
`)

/** Keys: all tokens, the token. */
const revoke = defineScript(`
local digest = redis.call('HGET', KEYS[2], 'digest')
if digest then redis.call('HDEL', KEYS[1], digest) end
return redis.call('DEL', KEYS[2])
`)

/** Opens the API tokens in Redis. */
export function openTokens(redis: Redis, prefix: string): Tokens {
  const all = `${prefix}:tokens`
  const keyOf = (id: string) => `${all}:${id}`

  const read = async (id: string): Promise<ApiToken | undefined> => {
    const fields = await redis.hgetall(keyOf(id))
    return fields.what === undefined ? undefined : toToken(id, fields)
  }

  return {
    read,

    async create({ lifetimeMs, ...what }) {
      const secret = `${secretPrefix}${randomSecret()}`
      const id = randomBytes(6).toString('hex')
      const args = [digestOf(secret), id, JSON.stringify(what), lifetimeMs, lifetimeMs + shownMs]
      const [createdAt, expiresAt] = (await create(redis, [all, keyOf(id)], args)) as [string, string]
      return { secret, token: { id, ...what, createdAt: Number(createdAt), expiresAt: Number(expiresAt) } }
    },

    async find(secret) {
      if (!secret.startsWith(secretPrefix)) return undefined
      const id = (await use(redis, [all], [digestOf(secret), noteEveryMs])) as string | null
      return id === null ? undefined : read(id)
    },

    async list() {
      const entries = Object.entries(await redis.hgetall(all))
      const tokens = await Promise.all(entries.map(([, id]) => read(id)))
      const gone = entries.flatMap(([digest], index) => (tokens[index] === undefined ? [digest] : []))
      if (gone.length > 0) await redis.hdel(all, ...gone)
      return tokens.filter((token) => token !== undefined).sort((a, b) => b.createdAt - a.createdAt)
    },

    async revoke(id) {
      const token = await read(id)
      await revoke(redis, [all, keyOf(id)], [])
      return token
    },

    async roleOf(id, repository) {
      const token = await read(id)
      if (token === undefined || token.expiresAt <= (await redisTime(redis, all))) return undefined
      return isFor(token, repository) ? token.role : undefined
    },
  }
}

/** Whether a token is for a repository, or, without one, for all of them. Pure. */
export function isFor({ repositories }: Pick<ApiToken, 'repositories'>, repository?: string): boolean {
  if (repositories.length === 0) return true
  if (repository === undefined) return false
  return matchGlobs(repositories.map((glob) => glob.toLowerCase()))(repository.toLowerCase())
}

function toToken(id: string, fields: Record<string, string>): ApiToken {
  return {
    id,
    ...(JSON.parse(fields.what ?? '{}') as Pick<ApiToken, 'name' | 'role' | 'repositories' | 'createdBy'>),
    createdAt: Number(fields.createdAt),
    expiresAt: Number(fields.expiresAt),
    ...(fields.usedAt === undefined ? {} : { lastUsedAt: Number(fields.usedAt) }),
  }
}
