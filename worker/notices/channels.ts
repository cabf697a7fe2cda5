import { Queue, type Telemetry } from 'bullmq'
import type { ChannelRules, RulesInForce } from '../../src/config/rules.ts'
import { messageOf } from '../../src/errors/errors.ts'
import { fullName, type Repository } from '../../src/jobs/job.ts'
import { rememberedMs } from '../../src/jobs/queues.ts'
import { noticeQueue, openChannelBook } from '../../src/notices/channel-book.ts'
import { nameChannels } from '../../src/notices/channel-names.ts'
import { channelsFor } from '../../src/notices/matching.ts'
import type { Notice, NoticeState } from '../../src/notices/notice.ts'
import type { Redis } from '../../src/redis/redis.ts'
import { noTracing } from '../../src/tracing/tracing.ts'
import { createNotifier } from '../notifiers/index.ts'
import type { NoticeJob, OpenChannelsOptions } from './channel-options.ts'
import { usualTiming } from './channel-timing.ts'
import { type ChannelWorker, startChannelWorker } from './channel-worker.ts'
import { forgetAbandoned } from './forget-abandoned.ts'

/** All who are told of anything: each channel has a durable queue of its own. */
export interface Channels {
  /** Who is told that something in an environment is in a state, by the rules that are in force now. */
  of(repository: Repository, environment: string, state: NoticeState): ChannelRules[]
  /** Queues a notice for each of them; one that is queued already, or was told, is not queued again. */
  tell(notice: Notice): Promise<void>
  /** Takes nothing more, and lets what is being sent be sent. */
  close(): Promise<void>
}

/** Opens the channels that the rules name, and follows the rules from then on. */
export function openChannels(options: OpenChannelsOptions): Channels {
  const { redis, prefix, rules, log, tracing = noTracing } = options
  const timing = { ...usualTiming, ...options.timing }
  const book = openChannelBook(redis, prefix)
  const workers = new Map<string, ChannelWorker>()
  const queues = new Map<string, Queue<NoticeJob>>()
  const leaving = new Set<Promise<void>>()
  let followed: RulesInForce['current'] | undefined
  let isClosed = false

  const queueOf = (id: string): Queue<NoticeJob> => {
    const known = queues.get(id)
    if (known) return known
    const queue = openQueue(id, redis, prefix, tracing.jobs)
    queues.set(id, queue)
    return queue
  }

  const stop = (id: string, worker: ChannelWorker) => {
    workers.delete(id)
    const left = worker.close().finally(() => leaving.delete(left))
    leaving.add(left)
  }

  const follow = () => {
    const { current } = rules
    if (isClosed || followed === current) return
    followed = current
    const names = new Map(nameChannels(current.channels).map((name) => [name.id, name]))
    for (const [id, worker] of workers) {
      if (!names.has(id) || worker.perMinute !== perMinuteOf(current.channels, id)) stop(id, worker)
    }
    for (const [id, { name }] of names) {
      if (workers.has(id)) continue
      const perMinute = perMinuteOf(current.channels, id)
      workers.set(
        id,
        startChannelWorker({
          ...options,
          id,
          name,
          perMinute,
          timing,
          book,
          queue: queueOf(id),
          createNotifier,
        }),
      )
    }
    void lookAfter()
  }

  const lookAfter = async () => {
    const names = nameChannels(rules.current.channels)
    try {
      await book.seen(names)
      await forgetAbandoned({ book, log, queueOf, forMs: timing.forgetMs })
    } catch (error) {
      if (!isClosed) log.debug({ reason: messageOf(error) }, 'the channels are looked after later')
    }
  }

  follow()
  const following = setInterval(follow, timing.followMs).unref()
  const lookingAfter = setInterval(() => void lookAfter(), timing.seenMs).unref()

  const of: Channels['of'] = (repository, environment, state) => {
    const ofRepository = rules.current.of(fullName(repository))
    return ofRepository ? channelsFor(ofRepository, environment, state) : []
  }

  return {
    of,
    async tell(notice) {
      follow()
      const channels = of(notice.repository, notice.environment, notice.state)
      await Promise.all(
        channels.map(({ id }) => queueOf(id).add('notice', { channel: id, notice }, { jobId: notice.id })),
      )
    },
    async close() {
      isClosed = true
      clearInterval(following)
      clearInterval(lookingAfter)
      for (const [id, worker] of workers) stop(id, worker)
      await Promise.all(leaving)
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}

/** Where several entries lead to one channel, the one that allows least counts. */
function perMinuteOf(channels: RulesInForce['current']['channels'], id: string): number {
  const limits = channels.filter(({ channel }) => channel.id === id).map(({ channel }) => channel.perMinute)
  return Math.min(...limits)
}

function openQueue(
  id: string,
  redis: Redis,
  prefix: string,
  telemetry: Telemetry | undefined,
): Queue<NoticeJob> {
  const queue = new Queue<NoticeJob>(noticeQueue(id), {
    connection: redis,
    prefix,
    defaultJobOptions: {
      // While a job is kept, its like is refused.
      removeOnComplete: { age: rememberedMs / 1000, count: 1000 },
      removeOnFail: { age: rememberedMs / 1000, count: 100 },
      stackTraceLimit: 1,
    },
    skipVersionCheck: true,
    ...(telemetry && { telemetry }),
  })
  // The connection itself logs its outages, once each; without a listener an error would end the process.
  queue.on('error', () => {})
  return queue
}
