import type { Begun } from '../../src/checks/checks.ts'
import type { CheckEnd, CheckRecord } from '../../src/checks/record.ts'
import type { CheckRules } from '../../src/config/rules.ts'
import { messageOf, RetryLater } from '../../src/errors/errors.ts'
import { truncate } from '../../src/text.ts'
import { AskAgain } from '../ask-again.ts'
import type { Lease } from '../lease.ts'
import { createLogWriter } from '../run/log-writer.ts'
import { watchRun } from '../run/watch-run.ts'
import type { Tools } from '../tools.ts'

const nobodyWaits = 'Nobody waits for the outcome of this run any more.'

/** GitHub cuts nothing: it refuses a description of more code points. */
const descriptionLimit = 140

/**
 * Does the work of a check that was begun, as long as the lease lasts and somebody waits for it, and writes down how it
 * ended.
 *
 * @throws {RetryLater} if the lease was lost meanwhile: whoever has the job next begins it again
 * @throws {AskAgain} if this worker ends and hands the run back
 */
export async function runBegun(
  check: CheckRecord,
  begun: Begun,
  rules: CheckRules,
  lease: Lease,
  tools: Tools,
): Promise<void> {
  const { checks, checkLogs, ending, log } = tools
  const watch = watchRun(async () => ((await checks.goesOn(begun)) ? undefined : nobodyWaits))
  const writer = createLogWriter(checkLogs, check.id, (error) =>
    log.warn({ check: check.id, reason: messageOf(error) }, 'lines of a log were lost'),
  )
  const signal = AbortSignal.any([lease.signal, ending, watch.signal])
  try {
    const outcome = await execute(check, rules, signal, writer.add, tools)
    if (outcome.state !== 'stopped') {
      await writer.flush()
      const description = truncate(outcome.description, descriptionLimit)
      if (!(await checks.end(begun, outcome.state, description))) await seeWhy(begun, tools)
      return
    }
    if (watch.signal.aborted) {
      writer.add('Stopped here: nobody waits for its outcome any more, or another worker has it.')
      return await seeWhy(begun, tools)
    }
    if (lease.signal.aborted) {
      throw new RetryLater(`A check was stopped: ${messageOf(lease.signal.reason)}`, { retryAfterMs: 1000 })
    }
    writer.add('This worker was asked to end and stopped its work here; another begins it anew.')
    await checks.handBack(begun)
    throw new AskAgain('The worker ends and hands its check back.', 0)
  } finally {
    watch.stop()
    await writer.flush()
  }
}

type Ended = { state: CheckEnd; description: string } | { state: 'stopped' }

async function execute(
  check: CheckRecord,
  rules: CheckRules,
  signal: AbortSignal,
  log: (line: string) => void,
  tools: Tools,
): Promise<Ended> {
  try {
    const about = { attributes: { 'livraison.check': check.context, 'livraison.sha': check.sha } }
    return await tools.tracing.span('check', about, async (span) => {
      const trace = tools.tracing.context()
      const outcome = await tools.runCheckCommand({ check, rules, trace, signal, log })
      if (outcome.state === 'failure') span.fail(outcome.description)
      return outcome
    })
  } catch (error) {
    if (signal.aborted) return { state: 'stopped' }
    tools.log.error({ check: check.id, err: error }, 'a check could not be run')
    log(messageOf(error))
    return { state: 'error', description: `It could not be run: ${messageOf(error)}` }
  }
}

/** A run that has no say any more was cancelled, which is all right, or was taken for lost. */
async function seeWhy({ id, run }: Begun, { checks }: Tools): Promise<void> {
  const now = await checks.read(id)
  if (now?.state === 'running' && now.run === run) throw new RetryLater('Another worker has the check.')
}
