import { luaNow } from '../redis/now-script.ts'
import { defineScript, type Redis } from '../redis/redis.ts'
import type { Actor } from './actor.ts'
import { digestOf, isSame, keyedDigest, randomSecret } from './digests.ts'

/** Who signed in. */
export type SignedIn = Pick<Actor, 'name'> & { kind: 'person' | 'admin' }

/**
 * Those who are signed in with a browser. What the browser keeps is known to nobody else: Redis has its digest. A session ends
 * when it was not used for half a day, when it is a week old, when somebody signs out, and, if it was begun with ADMIN_TOKEN,
 * when that changes.
 */
export interface Sessions {
  /** Begins a session and gives its id, which is a secret. */
  begin(who: SignedIn): Promise<string>
  /** Whose session this is; undefined if there is none. */
  find(id: string): Promise<SignedIn | undefined>
  end(id: string): Promise<void>
  /** How long one lasts at most. */
  longestMs: number
}

export interface SessionOptions {
  redis: Redis
  prefix: string
  adminToken: string | undefined
  idleMs?: number
  longestMs?: number
}

const hourMs = 3_600_000

/** Keys: session. Arguments: kind, name, the keyed digest of the admin token or '', for how many ms it may be idle. */
const begin = defineScript(`${luaNow}
redis.call('HSET', KEYS[1], 'kind', ARGV[1], 'name', ARGV[2], 'admin', ARGV[3], 'begunAt', now(), 'usedAt', now())
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
`)

/**
 * Gives kind, name and admin, and notes that it was used, but not at each page. Keys: session. Arguments: for how many ms it
 * may be idle, how many it lasts at most.
 */
const use = defineScript(`${luaNow}
local found = redis.call('HMGET', KEYS[1], 'kind', 'name', 'admin', 'begunAt', 'usedAt')
if not found[1] then return nil end
local leftMs = found[4] + ARGV[2] - now()
if leftMs <= 0 then
  redis.call('DEL', KEYS[1])
  return nil
end
if now() - found[5] > ARGV[1] / 720 then
  redis.call('HSET', KEYS[1], 'usedAt', now())
  redis.call('PEXPIRE', KEYS[1], math.min(ARGV[1], leftMs))
end
return { found[1], found[2], found[3] }
`)

/** Opens the sessions in Redis. */
export function openSessions(options: SessionOptions): Sessions {
  const { redis, prefix, adminToken, idleMs = 12 * hourMs, longestMs = 7 * 24 * hourMs } = options
  const keyOf = (id: string) => `${prefix}:session:${digestOf(id)}`
  // By the id, which is not in Redis: with what is there, nobody can try out tokens.
  const adminDigest = (id: string) => keyedDigest(id, adminToken ?? '')
  return {
    longestMs,

    async begin({ kind, name }) {
      const id = randomSecret()
      const admin = kind === 'admin' ? adminDigest(id) : ''
      await begin(redis, [keyOf(id)], [kind, name, admin, Math.min(idleMs, longestMs)])
      return id
    },

    async find(id) {
      const found = (await use(redis, [keyOf(id)], [idleMs, longestMs])) as [string, string, string] | null
      if (found === null) return undefined
      const [kind, name, admin] = found
      if (kind !== 'admin') return { kind: 'person', name }
      if (adminToken !== undefined && isSame(admin, adminDigest(id))) return { kind, name }
      await redis.del(keyOf(id))
      return undefined
    },

    async end(id) {
      await redis.del(keyOf(id))
    },
  }
}
