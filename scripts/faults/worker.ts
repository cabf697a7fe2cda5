// A worker as in worker/main.ts, whose work leaves its traces in a journal: begun, ended, stopped.
import { setTimeout as sleep } from 'node:timers/promises'
import { rulesWithoutFile } from '../../src/config/without-file.ts'
import { createLogger } from '../../src/log/log.ts'
import { keyPrefixOf } from '../../src/redis/key-prefix.ts'
import { connectPatiently } from '../../src/redis/redis.ts'
import { readWorkerSettings } from '../../src/settings/worker.ts'
import { closeOnSignal } from '../../src/shutdown.ts'
import { usableOrExit } from '../../src/start-up.ts'
import type { Executor } from '../../worker/executors/executor.ts'
import { openWorker } from '../../worker/open-worker.ts'
import { now } from './clock.ts'
import { type Entry, openJournal } from './journal.ts'
import { environments, workMs } from './rules.ts'

const sliceMs = 20

const settings = usableOrExit(readWorkerSettings)
const log = createLogger(settings.logLevel, 'worker')
const redis = connectPatiently(settings.redisUrl, log, settings.redisTls)
const executor = journaled(openJournal(process.env.FAULTS_JOURNAL ?? ''))
const worker = openWorker(
  settings,
  redis,
  keyPrefixOf(settings.githubServerUrl),
  { current: rulesWithoutFile(0) },
  log,
  {
    change: (rules, { deployment }) => ({
      ...rules,
      executor,
      lane: 'supersede',
      onWorkerLoss: 'rerun',
      digest: 'faults',
      ...environments[deployment.environment],
    }),
  },
)
log.info('waiting for jobs')

closeOnSignal(log, settings.drainMs + 10_000, async () => {
  await worker.close()
  redis.disconnect()
})

/** Works in small slices, so that a paused process is stopped within one when it goes on. */
function journaled(write: (entry: Entry) => void): Executor {
  let runs = 0
  return async ({ repository, deployment, signal }) => {
    runs += 1
    const run = `${process.pid}-${runs}`
    const note = (what: Entry['what']): void => {
      const lane = `${repository.id}:${deployment.environment}`
      write({ at: now(), pid: process.pid, run, what, lane, deployment: deployment.id })
    }
    note('begin')
    try {
      for (let leftMs = workMs(deployment.id); leftMs > 0; leftMs -= sliceMs) {
        await sleep(Math.min(sliceMs, leftMs), undefined, { signal })
      }
    } catch (error) {
      note('stopped')
      throw error
    }
    note('end')
    return { state: deployment.id % 10 === 7 ? 'failure' : 'success', description: `Run ${run}.` }
  }
}
