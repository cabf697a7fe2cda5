import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import { GiveUp, messageOf, RetryLater } from '../src/errors/errors.ts'
import type { JobName } from '../src/jobs/job.ts'
import { isRedisTrouble } from '../src/redis/away.ts'
import type { Redis } from '../src/redis/redis.ts'
import { version } from '../src/version.ts'
import { type AboutJob, aboutJob } from './about-job.ts'
import { AskAgain } from './ask-again.ts'
import { backoffMs } from './backoff.ts'
import { HandOn, handOn } from './hand-on.ts'
import { type Handler, handlers } from './handlers/index.ts'
import type { Slots } from './pools/slots.ts'
import type { Tools } from './tools.ts'

export interface WorkerOptions {
  redis: Redis
  prefix: string
  /** The name of the queue. */
  queue: string
  /** What this process may do side by side, of this queue and others; without them, `concurrency` alone counts. */
  slots?: Slots | undefined
  /** How many jobs it works on side by side. */
  concurrency: number
  /** How soon another worker takes over the jobs of one that died: between this and twice this. */
  stalledMs: number
  tools: Tools
}

/** A mistake of ours, seen as an error that is neither RetryLater nor GiveUp, is tried this often. */
const triesAfterMistake = 5
/** How soon a job is asked for again after Redis failed: BullMQ's 15 s are longer than a job's lock. */
export const runRetryDelay = 1000
/** A job that takes its worker down before its work begins is tried this often. */
const triesAfterStall = 10
/** A job that this version does not know is looked at again after this long, in case it is given a newer one then. */
const leftToNewerMs = 5000
const unknownForMs = 24 * 3600_000
/** Others may do it sooner. */
const handsFull = new AskAgain('This worker has its hands full.', 500)

/** Takes jobs off a queue, gives each to its handler, and turns the outcome into done, later, again or never. */
export function startWorker({
  redis,
  prefix,
  queue,
  concurrency,
  slots,
  stalledMs,
  tools,
}: WorkerOptions): Worker {
  const process = async (job: Job, token?: string) => {
    if (slots && !slots.take()) return sleepUntilAsked(job, token, handsFull)
    try {
      await work(job, token, tools)
    } finally {
      slots?.give()
    }
  }
  const worker = new Worker(queue, process, {
    connection: redis,
    prefix,
    concurrency,
    lockDuration: 2 * stalledMs,
    stalledInterval: stalledMs,
    // The handlers count their tries themselves: here a stall means only that the job goes on elsewhere.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: 1,
    runRetryDelay,
    ...(tools.tracing.jobs && { telemetry: tools.tracing.jobs }),
    settings: { backoffStrategy: (attempt, _type, error) => backoffMs(attempt, error) },
  })
  worker.on('stalled', (id) => tools.log.warn({ job: id }, 'took over a job whose worker was lost'))
  // The connection logs its outages itself, once each; without a listener an error would end the process.
  worker.on('error', (error) =>
    tools.log.debug({ queue, reason: error.message }, 'the queue reports an error'),
  )
  return worker
}

/** Works on a job with a log of its own, whose every line says which job it is about. */
async function work(job: Job, token: string | undefined, all: Tools): Promise<void> {
  const about = aboutJob(job.id ?? '', job.name, job.data)
  const tools = { ...all, log: all.log.child(about) }
  const span = tools.tracing.active()
  span?.set(toAttributes(about, job))
  const beganAt = performance.now()
  const tookMs = () => Math.round(performance.now() - beganAt)
  const handler = handlers[job.name as JobName] as Handler<JobName> | undefined
  if (!handler) return leaveToNewer(job, token, tools)
  try {
    if (job.stalledCounter > triesAfterStall) throw new GiveUp('It took its worker down too often.')
    await handler.handle(job.data, tools, job.id ?? '', job.queueName)
    tools.metrics.job(job.name, 'done')
    tools.log.info({ result: 'done', ms: tookMs() }, 'job done')
  } catch (error) {
    if (error instanceof AskAgain) {
      tools.metrics.job(job.name, 'asleep')
      tools.log.debug({ result: 'asleep', ms: tookMs(), reason: error.message }, 'job asleep')
      span?.note('asleep', { 'livraison.reason': error.message, 'livraison.for_ms': error.delayMs })
      return sleepUntilAsked(job, token, error)
    }
    if (error instanceof HandOn) {
      tools.metrics.job(job.name, 'handed-on')
      return handOn(job, error, tools.pools)
    }
    const reason = finalReason(job, error)
    const result = reason === undefined ? 'again' : 'given-up'
    const attempt = job.attemptsMade + 1
    tools.log.warn({ result, ms: tookMs(), attempt, final: reason !== undefined }, messageOf(error))
    tools.metrics.job(job.name, result)
    span?.fail(messageOf(error))
    if (reason === undefined) throw error
    await handler.giveUp?.(job.data, reason, tools, job.id ?? '')
    throw new UnrecoverableError(reason.message)
  }
}

/**
 * While an installation is upgraded, newer workers know jobs that this one does not: they sleep until one of those takes them. What
 * nobody knows for a day is given up.
 */
async function leaveToNewer(job: Job, token: string | undefined, tools: Tools): Promise<void> {
  const reason = `This version knows no job of the name ${job.name}.`
  if (Date.now() - job.timestamp > unknownForMs) throw new UnrecoverableError(reason)
  tools.log.warn({ job: job.id, version }, `${reason} It is left to a newer one.`)
  tools.metrics.job(job.name, 'asleep')
  return sleepUntilAsked(job, token, new AskAgain(reason, leftToNewerMs))
}

/** Why the job is not tried again; undefined if it is. */
function finalReason(job: Job, error: unknown): GiveUp | undefined {
  if (error instanceof GiveUp) return error
  const attempt = job.attemptsMade + 1
  // While Redis changes its master, commands fail for seconds: nothing of ours is wrong then.
  const comesBack = error instanceof RetryLater || isRedisTrouble(error)
  const most = comesBack ? (job.opts.attempts ?? 1) : triesAfterMistake
  return attempt >= most ? new GiveUp(`Given up after ${attempt} attempts: ${messageOf(error)}`) : undefined
}

async function sleepUntilAsked(
  job: Job,
  token: string | undefined,
  { delayMs, isOver }: AskAgain,
): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token)
  if (await isOver()) await job.promote().catch(() => {})
  throw new DelayedError()
}

function toAttributes(
  { job, jobName, delivery, repository, deployment, pullRequest }: AboutJob,
  { attemptsMade }: Job,
) {
  return {
    'livraison.job': job,
    'livraison.job_name': jobName,
    'livraison.delivery': delivery,
    'livraison.repository': repository,
    'livraison.deployment': deployment,
    'livraison.pull_request': pullRequest,
    'livraison.attempt': attemptsMade + 1,
  }
}
