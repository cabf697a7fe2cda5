import { messageOf } from '../errors/errors.ts'
import { Refusal } from '../errors/refusal.ts'

/** What ioredis says when nobody can be reached. */
const unreachable =
  /isn't writeable|isn't ready|Command timed out|Connection is closed|max retries|Socket timeout|Too many Cluster redirections|refresh slots cache|startup nodes is available|Cluster is (ended|disconnect)|sentinels are unreachable/i

/** What servers answer while another one takes over, or while they load their data. @see https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const takingOver = /\b(READONLY|LOADING|CLUSTERDOWN|MASTERDOWN|TRYAGAIN|UNBLOCKED|(MOVED|ASK) \d+)\b/

/** What servers answer while they may not, or cannot, write. */
const refusing = /\b(OOM|MISCONF|NOREPLICAS|BUSY)\b/

/** Whether a command failed because Redis cannot be reached, or none of its servers is in charge for a while. */
export function isRedisAway(error: unknown): boolean {
  const message = messageOf(error)
  return unreachable.test(message) || takingOver.test(message)
}

/** Whether a command failed for the state that Redis is in, whatever was asked of it: it will be taken later. */
export function isRedisTrouble(error: unknown): boolean {
  return isRedisAway(error) || refusing.test(messageOf(error))
}

/** What whoever waits for something in Redis is told. */
export function redisIsAway(): Refusal {
  return new Refusal(
    503,
    'Redis cannot be reached, and all that there is to tell lies there. Try again later.',
  )
}
