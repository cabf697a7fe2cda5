import type { DeliveryAttempt, listAttempts } from '../../src/github/hooks.ts'
import type { PassTools } from './pass-tools.ts'

/** GitHub lists an attempt once it has ended; a slow one comes after quicker ones that began later. */
export const overlapMs = 10 * 60_000
const mostPages = 10

/** The attempts since then, by a list that gives them in pages, newest first. */
export async function readAttempts(
  list: (cursor: string | undefined) => ReturnType<typeof listAttempts>,
  since: number,
  { ask, log }: Pick<PassTools, 'ask' | 'log'>,
  about: object,
): Promise<DeliveryAttempt[]> {
  const read: DeliveryAttempt[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const { attempts, next } = await ask(() => list(cursor))
    const recent = attempts.filter(({ deliveredAt }) => deliveredAt >= since)
    read.push(...recent)
    if (recent.length < attempts.length || next === undefined) return read
    cursor = next
  }
  log.warn(
    { ...about, attempts: read.length },
    'the webhook has delivered so much that older deliveries are not looked at',
  )
  return read
}
