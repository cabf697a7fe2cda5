import type { ChannelRules, ChannelTarget, Rules } from '../../src/config/rules.ts'
import { messageOf } from '../../src/errors/errors.ts'
import { fullName } from '../../src/jobs/job.ts'
import { maskText } from '../../src/log/mask.ts'
import { channelsFor } from '../../src/notices/matching.ts'
import type { Message } from '../../src/notices/message.ts'
import type { Notice } from '../../src/notices/notice.ts'
import { truncate } from '../../src/text.ts'
import { Overdue, within } from '../../src/within.ts'
import { ChannelTrouble, NoticeRefused, type Notifier } from '../notifiers/notifier.ts'
import type { ChannelWorkerOptions } from './channel-options.ts'
import { waitMs } from './channel-timing.ts'
import { secretsOf } from './secrets-of.ts'
import { openThreadMemory } from './thread-memory.ts'

/** What came of an attempt: it is told (or was before), is never told, or the channel is to be left alone for a while. */
export type Delivered =
  | { kind: 'told' }
  | { kind: 'refused'; reason: string }
  | { kind: 'wait'; waitMs: number }

/** A mistake of ours, seen as an error that is neither trouble of the channel nor a refusal, is tried this often. */
const triesAfterMistake = 12
/** As long as another worker may need to see that the channel is in its rules. */
const notOursMs = 1000
const longestReason = 300
/** A notifier that does not heed its signal is not waited for any longer than this. */
const deafMs = 1000

/** Makes what delivers the notices of one channel, one attempt at a time. `queuedAt`: a notice is tried for a day from then. */
export function createDelivery(options: ChannelWorkerOptions) {
  const { id, name, rules, redis, prefix, book, timing, log, ending } = options
  const notifiers = new WeakMap<ChannelTarget, Promise<Notifier>>()
  const mistakes = new Map<string, number>()

  const notifierOf = (target: ChannelTarget): Promise<Notifier> => {
    const known = notifiers.get(target)
    if (known) return known
    const made = options.createNotifier(target, { people: () => rules.current.people })
    notifiers.set(target, made)
    return made
  }

  const send = async (channel: ChannelRules, notice: Notice, uncertain: boolean) => {
    const listed = withCommits(notice, channel.commits)
    const message = words(listed, channel)
    const notifier = await notifierOf(channel.target)
    const memory = openThreadMemory(redis, prefix, id, notice)
    const signal = AbortSignal.any([AbortSignal.timeout(timing.sendMs), ending])
    const late = `it has not answered within ${timing.sendMs / 1000} s`
    try {
      const telling = notifier({ notice: listed, message, uncertain, memory, signal })
      await within(timing.sendMs + deafMs, telling, late)
    } catch (error) {
      if (error instanceof ChannelTrouble || error instanceof NoticeRefused) throw inTime(error, signal, late)
      if (!signal.aborted && !(error instanceof Overdue)) throw error
      throw new ChannelTrouble(ending.aborted ? 'the worker ended' : late, { isCertain: false, cause: error })
    }
  }

  const words = (notice: Notice, { texts }: ChannelRules): Message => {
    try {
      return options.render(notice, texts)
    } catch (error) {
      const about = { channel: name, notice: notice.id, reason: messageOf(error) }
      log.warn(about, 'a text of livraison.yml could not be used for a notice: the usual one is sent')
      return options.render(notice, {})
    }
  }

  const works = async (notice?: string) => {
    const since = await book.works(id, notice)
    if (since === undefined) return
    log.info({ channel: name, since: new Date(since).toISOString() }, 'a channel works again')
  }

  const giveUp = async (notice: Notice, reason: string): Promise<Delivered> => {
    mistakes.delete(notice.id)
    await book.letGo(id, reason)
    log.warn({ channel: name, notice: notice.id, reason }, 'a notice is let go')
    return { kind: 'refused', reason }
  }

  const retryLater = async (notice: Notice, leftMs: number, error: unknown, reason: string) => {
    const trouble = error instanceof ChannelTrouble ? error : undefined
    const { isNews, tries } = await book.broken(id, reason, trouble?.isCertain ?? false)
    if (isNews) log.warn({ channel: name, reason }, 'a channel cannot be told: its notices wait')
    if (leftMs <= 0) return giveUp(notice, lateWords(reason))
    if (!trouble && !mayHaveBeenChance(notice)) return giveUp(notice, reason)
    return later(waitMs(tries, trouble?.retryAfterMs, leftMs, timing))
  }

  const mayHaveBeenChance = ({ id: notice }: Notice): boolean => {
    const count = (mistakes.get(notice) ?? 0) + 1
    mistakes.set(notice, count)
    return count < triesAfterMistake
  }

  return async (notice: Notice, queuedAt: number): Promise<Delivered> => {
    const channel = findChannel(rules.current, id, notice)
    // Other workers may have it in their rules still, or already.
    if (channel === undefined || ending.aborted) return later(notOursMs)
    const { before, trouble } = await book.begin(id, notice.id)
    if (before === 'told') return { kind: 'told' }
    const leftMs = queuedAt + timing.keptMs - Date.now()
    if (leftMs <= 0 && trouble !== '') return giveUp(notice, lateWords(trouble))
    try {
      await send(channel, notice, before === 'uncertain')
    } catch (error) {
      if (ending.aborted) return later(notOursMs)
      const secrets = [...secretsOf(channel.target), ...rules.current.secrets]
      const reason = truncate(maskText(messageOf(error), secrets), longestReason)
      if (!(error instanceof NoticeRefused)) return retryLater(notice, leftMs, error, reason)
      await works()
      return giveUp(notice, reason)
    }
    mistakes.delete(notice.id)
    await works(notice.id)
    return { kind: 'told' }
  }
}

function later(ms: number): Delivered {
  return { kind: 'wait', waitMs: ms }
}

function lateWords(reason: string): string {
  return `it could not be told in time: ${reason}`
}

/** The entry that the notice was queued for; where the rules have changed since, any that leads there. Pure. */
function findChannel(rules: Rules, id: string, notice: Notice): ChannelRules | undefined {
  const notify = rules.of(fullName(notice.repository))?.notify ?? []
  const same = notify.filter((channel) => channel.id === id)
  const [matching] = channelsFor({ notify: same }, notice.environment, notice.state)
  return matching ?? same[0] ?? rules.channels.find(({ channel }) => channel.id === id)?.channel
}

function withCommits(notice: Notice, most: number): Notice {
  if (notice.changes === undefined) return notice
  return { ...notice, changes: { ...notice.changes, commits: notice.changes.commits.slice(0, most) } }
}

/** What a notifier says of an attempt that was cut off is about the cut. */
function inTime(error: ChannelTrouble | NoticeRefused, signal: AbortSignal, late: string) {
  if (!signal.aborted || !(error instanceof ChannelTrouble) || error.isCertain) return error
  return new ChannelTrouble(late, { isCertain: false, cause: error })
}
