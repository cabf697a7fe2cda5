import { randomUUID } from 'node:crypto'
import type { Keys } from '../../src/deployments/keys.ts'
import { noteSent, takeTurn } from '../../src/deployments/outbox-scripts.ts'
import { type RecordedStatus, toStatuses } from '../../src/deployments/record.ts'
import { holdLease, releaseLease } from '../../src/redis/lease.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { anotherIsAtIt } from '../exclusively.ts'
import { keepLease } from '../lease.ts'

/** The turn of one process to write a deployment's statuses to GitHub. */
export interface WritersTurn {
  /** All that it was given when this was last read. */
  statuses: RecordedStatus[]
  /** The answer to the last write was lost: GitHub may have it. */
  uncertain: boolean
  /** Reads them again. @throws {AskAgain} if another has the turn by now */
  readAgain(): Promise<void>
  /**
   * Writes a status, if the turn is ours still, and notes that GitHub has the first `count` of them.
   *
   * @throws {AskAgain} if another has the turn, or may have it
   */
  send(count: number, write: () => Promise<void>): Promise<void>
}

/** Does the work while it is this process's turn; not at all if there is nothing to write. @throws {AskAgain} if it is another's */
export type InWritersTurn = (id: number, work: (turn: WritersTurn) => Promise<void>) => Promise<void>

/** How turns are agreed on, through Redis. Each read, and each note, renews the lease in the same step. */
export function openWritersTurns(redis: Redis, keys: Keys, leaseMs: number): InWritersTurn {
  return async (id, work) => {
    const lasting = keys.writer(id)
    const token = randomUUID()
    const take = async () => {
      const touched = [lasting, keys.record(id), keys.statuses(id)]
      return toTaken((await takeTurn(redis, touched, [token, leaseMs])) as Answer)
    }
    const note = async (count: number, ms: number | '') =>
      (await noteSent(redis, [lasting, keys.record(id)], [token, ms, count])) === 1

    const askedAt = performance.now()
    const taken = await take()
    if (taken === 'nothing') return
    if (taken === 'another') throw anotherIsAtIt()
    const hold = async () => (await holdLease(redis, [lasting], [token, leaseMs])) === 1
    const lease = keepLease(hold, leaseMs, askedAt)
    let isOver = false
    const turn: WritersTurn = {
      ...taken,

      async readAgain() {
        const isOurs = await lease.renew(async () => {
          const again = await take()
          if (typeof again === 'object') turn.statuses = again.statuses
          return again !== 'another'
        })
        if (!isOurs) throw anotherIsAtIt()
      },

      async send(count, write) {
        // By the clock: a process that was paused does not know what another has done since.
        if (lease.isLost() || performance.now() >= lease.term.until()) throw anotherIsAtIt()
        await write()
        const isLast = count === turn.statuses.length && !turn.uncertain
        const isOurs = await (isLast ? note(count, '') : lease.renew(() => note(count, leaseMs)))
        isOver = isLast
        if (!isOurs) throw anotherIsAtIt()
      },
    }
    try {
      await work(turn)
    } finally {
      lease.stop()
      if (!isOver) await releaseLease(redis, [lasting], [token])
    }
  }
}

/** What the script takeTurn gives. */
type Answer =
  | [outcome: 'another' | 'nothing']
  | [outcome: 'turn', uncertain: number, sent: string, statuses: string[]]

function toTaken(answer: Answer): 'another' | 'nothing' | Pick<WritersTurn, 'statuses' | 'uncertain'> {
  if (answer[0] !== 'turn') return answer[0]
  const [, uncertain, sent, statuses] = answer
  return { statuses: toStatuses(statuses, sent), uncertain: uncertain === 1 }
}
