import { pino } from 'pino'
import type { Test } from 'tap'
import { openChecks } from '../../../src/checks/checks.ts'
import { checkKeys } from '../../../src/checks/keys.ts'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openRecords } from '../../../src/deployments/record.ts'
import { tokenAuth } from '../../../src/github/auth.ts'
import { createGitHub } from '../../../src/github/client.ts'
import { createPause } from '../../../src/github/pause.ts'
import { closeQueues, openQueues, type Queues } from '../../../src/jobs/queues.ts'
import { connectPatiently, type Redis } from '../../../src/redis/redis.ts'
import {
  openReconciler,
  type Passed,
  type Reconciler,
  type ReconcilerOptions,
} from '../../../worker/reconciler/open-reconciler.ts'
import type { Healed } from '../../../worker/reconciler/pass-tools.ts'
import type { Fleet } from '../../fixtures/fleet.ts'
import type { LogLine } from '../../fixtures/receiver.ts'

export interface Healer extends Reconciler {
  /** What a pass that got through brought back. */
  heal(): Promise<Healed>
  queues: Queues
  redis: Redis
  log: LogLine[]
}

export const nothing: Healed = {
  ...{ unfinished: [], redelivered: [], deployments: [], restored: [], merges: [], checks: [] },
}

/** A reconciler of the fleet that makes a pass when told to; nothing is too young for it. */
export function openHealer(t: Test, fleet: Fleet, options: Partial<ReconcilerOptions> = {}): Healer {
  const { sandbox, receiver } = fleet
  const { prefix, url } = fleet.redis
  const log: LogLine[] = []
  const logger = pino({ level: 'info' }, { write: (line) => void log.push(JSON.parse(line)) })
  const redis = connectPatiently(url, logger)
  const queues = openQueues(redis, prefix)
  const records = openRecords(redis, deploymentKeys(prefix))
  const checks = openChecks(redis, checkKeys(prefix))
  const pause = createPause(redis, prefix, logger)
  const github = createGitHub({ auth: tokenAuth(sandbox.token), apiUrl: sandbox.apiUrl, log: logger, pause })
  const { rules } = fleet
  const stores = { redis, prefix, queues, records, checks, github, rules, log: logger }
  const reconciler = openReconciler({
    ...stores,
    webhookUrl: `${receiver.url}/event_handler`,
    graceMs: 0,
    ...options,
  })
  t.teardown(async () => {
    await reconciler.close()
    await closeQueues(queues)
    redis.disconnect()
  })
  return {
    ...reconciler,
    async heal() {
      const passed: Passed = await reconciler.pass()
      if (passed.outcome !== 'done')
        throw new Error(`The pass did not get through: ${JSON.stringify(passed)}`)
      return passed.healed
    },
    queues,
    redis,
    log,
  }
}
