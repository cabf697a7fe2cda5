import { randomUUID } from 'node:crypto'
import type { Checks } from '../../src/checks/checks.ts'
import type { RulesInForce } from '../../src/config/rules.ts'
import { openRepositories } from '../../src/deliveries/repositories.ts'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import type { Records } from '../../src/deployments/record.ts'
import { messageOf, RetryLater } from '../../src/errors/errors.ts'
import { watchBudget } from '../../src/github/budget.ts'
import type { GitHub } from '../../src/github/client.ts'
import type { Queues } from '../../src/jobs/queues.ts'
import type { Logger } from '../../src/log/log.ts'
import { holdLease, releaseLease } from '../../src/redis/lease.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { keepLease } from '../lease.ts'
import { createAsk, PassEnds } from './ask.ts'
import { openMemory } from './memory.ts'
import { passThrough } from './pass.ts'
import type { Healed } from './pass-tools.ts'
import { createRequeue } from './requeue.ts'

/** Brings back what no webhook told us of, or Redis forgot. */
export interface Reconciler {
  /** Makes one pass, unless another worker is at it. Never throws. */
  pass(): Promise<Passed>
  /** Ends a pass that is under way after the call it is at, and lets no other begin. */
  close(): Promise<void>
}

/** How a pass went. `ended` is a pass that did not get through; the next goes on. */
export type Passed =
  | { outcome: 'done'; healed: Healed }
  | { outcome: 'ended'; reason: string; healed: Healed }
  | { outcome: 'busy' | 'closed' }

export interface ReconcilerOptions {
  redis: Redis
  prefix: string
  queues: Queues
  records: Records
  checks: Checks
  github: GitHub
  rules: RulesInForce
  /** Where GitHub delivers to. */
  webhookUrl: string
  /** Whether we are an App, whose webhook may deliver to us. */
  hasAppHook?: boolean | undefined
  log: Logger
  /** How long another waits for a worker that died in its pass. */
  leaseMs?: number
  /** What is younger may be on its way still. */
  graceMs: number
  mostCalls?: number
}

/** Opens the reconciler of one worker; in the fleet, one makes a pass at a time. */
export function openReconciler(options: ReconcilerOptions): Reconciler {
  const { redis, prefix, queues, records, checks, github, rules, webhookUrl, log } = options
  const { graceMs, leaseMs = 30_000, mostCalls = 200, hasAppHook = false } = options
  const memory = openMemory(redis, prefix)
  const repositories = openRepositories(redis, prefix)
  const requeue = createRequeue(redis, queues, prefix)
  const budget = watchBudget(github, redis, prefix)
  const closing = new AbortController()
  const leaseKey = `${prefix}:reconciler:lease`
  let passing: Promise<Passed> | undefined

  const passWithLease = async (token: string): Promise<Passed> => {
    const hold = async () => (await holdLease(redis, [leaseKey], [token, leaseMs])) === 1
    if (!(await hold())) return { outcome: 'busy' }
    const lease = keepLease(hold, leaseMs)
    const healed = nothingYet()
    try {
      const signal = AbortSignal.any([lease.signal, closing.signal])
      const ask = createAsk(budget, mostCalls, signal)
      const keys = deploymentKeys(prefix)
      const stores = {
        redis,
        keys,
        queues,
        records,
        checks,
        github,
        rules,
        ask,
        memory,
        repositories,
        requeue,
        webhookUrl,
        log,
      }
      await passThrough(await repositories.all(), hasAppHook, {
        ...stores,
        healed,
        signal,
        graceMs,
        now: Date.now(),
      })
      return { outcome: 'done', healed }
    } catch (error) {
      logEnd(log, error)
      return { outcome: 'ended', reason: messageOf(error), healed }
    } finally {
      lease.stop()
      await releaseLease(redis, [leaseKey], [token])
    }
  }

  return {
    async pass() {
      if (closing.signal.aborted) return { outcome: 'closed' }
      if (passing) return { outcome: 'busy' }
      passing = passWithLease(randomUUID()).catch((error: unknown) => {
        logEnd(log, error)
        return { outcome: 'ended', reason: messageOf(error), healed: nothingYet() }
      })
      try {
        return await passing
      } finally {
        passing = undefined
      }
    },

    async close() {
      closing.abort(new Error('The worker ends.'))
      await passing
    },
  }
}

function nothingYet(): Healed {
  return { unfinished: [], redelivered: [], deployments: [], restored: [], merges: [], checks: [] }
}

function logEnd(log: Logger, error: unknown): void {
  const reason = messageOf(error)
  if (error instanceof PassEnds) log.info({ reason }, 'the search for missed events goes on at its next turn')
  else if (error instanceof RetryLater)
    log.warn({ reason }, 'the search for missed events is tried again later')
  else log.error({ err: error }, 'the search for missed events failed unexpectedly')
}
