import { createHash } from 'node:crypto'
import { luaNow } from '../../redis/now-script.ts'
import { defineScript, type Redis } from '../../redis/redis.ts'
import type { Seal } from '../../seal.ts'
import type { SlackRequest } from './requests.ts'

/**
 * What Slack was told is taken and is not answered yet. If the receiver that took it dies, another finishes it: Slack does not
 * send it again.
 */
export interface Taken {
  /** Writes a request down; false if it was before. */
  take(request: SlackRequest): Promise<boolean>
  /** Notes that they are still being done here. */
  renew(requests: readonly SlackRequest[]): Promise<void>
  /** Notes that it is answered. */
  forget(request: SlackRequest): Promise<void>
  /** Leaves it to whoever comes first. */
  leave(request: SlackRequest): Promise<void>
  /** Those whose receiver was not heard of for `lostMs`: from now on they are this one's. */
  takeOver(): Promise<SlackRequest[]>
}

/** A receiver that was not heard of for so long was lost. */
export const lostMs = 60_000

/**
 * For so long Slack takes an answer, and for so long it is known that a request came: it is repeated within minutes, if at all.
 *
 * @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
const answeredMs = 30 * 60_000
const knownMs = 3_600_000

/** Keys: its own, requests, leases. Arguments: id, sealed, ms that it is known, ms of a lease. Gives 1, or 0 if it is known. */
const take = defineScript(`${luaNow}
if not redis.call('SET', KEYS[1], 1, 'PX', ARGV[3], 'NX') then return 0 end
local at = now()
redis.call('HSET', KEYS[2], ARGV[1], cjson.encode({ at = at, sealed = ARGV[2] }))
redis.call('ZADD', KEYS[3], at + ARGV[4], ARGV[1])
return 1
`)

/** Keys: leases. Arguments: ms of a lease, then ids. */
const lease = defineScript(`${luaNow}
local until_ = now() + ARGV[1]
for index = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', until_, ARGV[index]) end
return 1
`)

/** Keys: requests, leases. Arguments: ms of a lease, ms after which nobody waits any more. Gives what was sealed. */
const takeOver = defineScript(`${luaNow}
local at, found = now(), {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', at, 'LIMIT', 0, 20)) do
  local noted = redis.call('HGET', KEYS[1], id)
  local request = noted and cjson.decode(noted)
  if request and at - request.at < tonumber(ARGV[2]) then
    redis.call('ZADD', KEYS[2], at + ARGV[1], id)
    table.insert(found, request.sealed)
  else
    redis.call('HDEL', KEYS[1], id)
    redis.call('ZREM', KEYS[2], id)
  end
end
return found
`)

export interface TakenOptions {
  redis: Redis
  prefix: string
  /** The address that an answer goes to is as good as a secret. */
  seal: Seal
}

/** Opens what is taken and not answered. */
export function openTaken({ redis, prefix, seal }: TakenOptions): Taken {
  const below = `${prefix}:slack`
  const [requests, leases] = [`${below}:taken`, `${below}:taken-leases`]
  return {
    async take(request) {
      const id = keyOf(request)
      const args = [id, seal.seal(JSON.stringify(request)), knownMs, lostMs]
      return (await take(redis, [`${below}:request:${id}`, requests, leases], args)) === 1
    },
    async renew(underWay) {
      if (underWay.length > 0) await lease(redis, [leases], [lostMs, ...underWay.map(keyOf)])
    },
    async forget(request) {
      const id = keyOf(request)
      await redis.multi().hdel(requests, id).zrem(leases, id).exec()
    },
    async leave(request) {
      await lease(redis, [leases], [0, keyOf(request)])
    },
    async takeOver() {
      const found = (await takeOver(redis, [requests, leases], [lostMs, answeredMs])) as string[]
      // What another secret has sealed cannot be read any more, and is forgotten in time.
      return found.flatMap((sealed) => {
        const opened = seal.open(sealed)
        return opened === undefined ? [] : [JSON.parse(opened) as SlackRequest]
      })
    },
  }
}

/** A request's name: Slack's own says more than is to be kept. */
export function keyOf({ id }: Pick<SlackRequest, 'id'>): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 32)
}
