import type { Reply } from '../../commands/command.ts'
import { defineScript, type Redis } from '../../redis/redis.ts'
import { windowMs } from './signature.ts'

/** The requests that came, and what was answered: one that comes again is not done again. */
export interface Answered {
  /** `new`: it is to be done now. `doing`: it is being done. Otherwise what was answered. */
  begin(id: string): Promise<'new' | 'doing' | Reply>
  end(id: string, reply: Reply): Promise<void>
  /** It came to nothing for a reason of ours: it may be asked again. */
  forget(id: string): Promise<void>
}

/** Keys: request. Arguments: for how many ms it counts. Gives nothing if it is new, else what is known of it. */
const beginOne = defineScript(`
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[1], 'doing', 'PX', ARGV[1])
return false
`)

/** Longer than what was signed once can come again, from the earliest time that is believed to the latest. */
const keptMs = 3 * windowMs

/** Opens them in Redis: a text a request. */
export function openAnswered(redis: Redis, prefix: string): Answered {
  const keyOf = (id: string) => `${prefix}:hubot:request:${id}`
  return {
    async begin(id) {
      const known = (await beginOne(redis, [keyOf(id)], [keptMs])) as string | null
      if (known === null) return 'new'
      return known === 'doing' ? known : (JSON.parse(known) as Reply)
    },
    async end(id, reply) {
      await redis.set(keyOf(id), JSON.stringify(reply), 'PX', keptMs)
    },
    async forget(id) {
      await redis.del(keyOf(id))
    },
  }
}
