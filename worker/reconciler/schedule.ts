import { messageOf } from '../../src/errors/errors.ts'
import type { Logger } from '../../src/log/log.ts'
import type { Redis } from '../../src/redis/redis.ts'
import type { Reconciler } from './open-reconciler.ts'

export interface ScheduleOptions {
  redis: Redis
  prefix: string
  /** How often the fleet makes a pass. */
  intervalMs: number
  log: Logger
  /** A share of chance from 0 to 1, so that a fleet that starts together does not ask together. */
  random?: () => number
}

/** The receiver may start together with us, and what it missed takes a moment to be looked for. */
const startWithinMs = 10_000
/** A fleet that is restarted worker by worker makes no pass for each. */
const restAtStartMs = 30_000

/** Makes a pass soon after the start and then on the schedule; the fleet shares one. Gives how to stop. */
export function startSchedule(reconciler: Reconciler, options: ScheduleOptions): () => void {
  const { redis, prefix, intervalMs, log, random = Math.random } = options
  const key = `${prefix}:reconciler:rest`
  const restMs = Math.ceil(intervalMs * 0.8)
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const isDue = async (atStart: boolean) => {
    const leftMs = await redis.pttl(key)
    return leftMs <= 0 || (atStart && restMs - leftMs > restAtStartMs)
  }
  const turn = async (atStart: boolean) => {
    try {
      if (await isDue(atStart)) {
        const { outcome } = await reconciler.pass()
        if (outcome === 'done' || outcome === 'ended') await redis.set(key, outcome, 'PX', restMs)
      }
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'the search for missed events is tried again later')
    }
    if (!stopped) timer = setTimeout(turn, intervalMs * (0.9 + 0.2 * random()), false)
  }

  timer = setTimeout(turn, random() * Math.min(startWithinMs, intervalMs), true)
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
