import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq'
import { GiveUp, messageOf, RetryLater } from '../src/errors.ts'
import type { JobName } from '../src/jobs/job.ts'
import type { QueueName } from '../src/jobs/queues.ts'
import type { Redis } from '../src/redis.ts'
import { type AboutJob, aboutJob } from './about-job.ts'
import { AskAgain } from './ask-again.ts'
import { backoffMs } from './backoff.ts'
import { type Handler, handlers } from './handlers/index.ts'
import type { Tools } from './tools.ts'

export interface WorkerOptions {
  redis: Redis
  prefix: string
  queue: QueueName
  /** How many jobs it works on side by side. */
  concurrency: number
  /** How soon another worker takes over the jobs of one that died: between this and twice this. */
  stalledMs: number
  tools: Tools
}

/** A mistake of ours, seen as an error that is neither RetryLater nor GiveUp, is tried this often. */
const triesAfterMistake = 5
/** A job that takes its worker down before its work begins is tried this often. */
const triesAfterStall = 10

/** Takes jobs off a queue, gives each to its handler, and turns the outcome into done, later, again or never. */
export function startWorker({ redis, prefix, queue, concurrency, stalledMs, tools }: WorkerOptions): Worker {
  const worker = new Worker(queue, (job, token) => work(job, token, tools), {
    connection: redis,
    prefix,
    concurrency,
    lockDuration: 2 * stalledMs,
    stalledInterval: stalledMs,
    // The handlers count their tries themselves: here a stall means only that the job goes on elsewhere.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    drainDelay: 1,
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
  if (!handler) throw new UnrecoverableError(`This version knows no job of the name ${job.name}.`)
  try {
    if (job.stalledCounter > triesAfterStall) throw new GiveUp('It took its worker down too often.')
    await handler.handle(job.data, tools, job.id ?? '')
    tools.metrics.job(job.name, 'done')
    tools.log.info({ result: 'done', ms: tookMs() }, 'job done')
  } catch (error) {
    if (error instanceof AskAgain) {
      tools.metrics.job(job.name, 'asleep')
      tools.log.debug({ result: 'asleep', ms: tookMs(), reason: error.message }, 'job asleep')
      span?.note('asleep', { 'livraison.reason': error.message, 'livraison.for_ms': error.delayMs })
      return sleepUntilAsked(job, token, error)
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

/** Why the job is not tried again; undefined if it is. */
function finalReason(job: Job, error: unknown): GiveUp | undefined {
  if (error instanceof GiveUp) return error
  const attempt = job.attemptsMade + 1
  const most = error instanceof RetryLater ? (job.opts.attempts ?? 1) : triesAfterMistake
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
