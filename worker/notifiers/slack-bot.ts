import type { Logger, WebClient } from '@slack/web-api'
import { type ActionsBlock, buttonsOf } from '../../src/chat/slack/buttons.ts'
import type { ChannelTarget } from '../../src/config/rules.ts'
import type { NoticeState } from '../../src/notices/notice.ts'
import type { Notifier, NotifierTools, Telling } from './notifier.ts'
import { slackFetch } from './slack/fetch.ts'
import { type SlackMessage, slackMessage } from './slack/message.ts'
import { findReply, findRoot, markOf } from './slack/thread.ts'
import { codeOf, readSlackError } from './slack/trouble.ts'

type Target = Extract<ChannelTarget, { kind: 'slack-bot' }>

const timeoutMs = 15_000

/** An update of a message tells nobody: these states get a reply as well. */
const replied: readonly NoticeState[] = ['queued', 'failure', 'error']

/** A message that is not there any more, or may not be changed: a new one begins. */
const gone = ['message_not_found', 'cant_update_message', 'edit_window_closed', 'thread_not_found']

/**
 * Tells a Slack channel by an app's bot: one message for each deployment, brought up to date at each state, with replies in its
 * thread for what people must see. After an uncertain attempt it looks whether its message is there.
 *
 * @see https://docs.slack.dev/reference/methods/chat.update
 */
export function createSlackBotNotifier(target: Target, { people }: NotifierTools): Notifier {
  return async (telling) => {
    try {
      const client = await openClient(target, telling.signal)
      await tell(client, target, slackMessage(telling.message, people()), telling)
    } catch (error) {
      throw readSlackError(error)
    }
  }
}

/** Trying again is the queue's part, so the client is to try once. */
async function openClient({ token, apiUrl }: Target, signal: AbortSignal): Promise<WebClient> {
  const { WebClient, LogLevel } = await import('@slack/web-api')
  return new WebClient(token, {
    ...{ retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, allowAbsoluteUrls: false },
    ...{ timeout: timeoutMs, fetch: slackFetch(signal), logger: silent(LogLevel.ERROR) },
    ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
  })
}

function silent(level: ReturnType<Logger['getLevel']>): Logger {
  const nothing = () => {}
  const to = { debug: nothing, info: nothing, warn: nothing, error: nothing }
  return { ...to, setLevel: nothing, setName: nothing, getLevel: () => level }
}

async function tell(client: WebClient, target: Target, said: SlackMessage, telling: Telling): Promise<void> {
  const { notice, uncertain } = telling
  const root = await bringRootUpToDate(client, target.channel, withButtons(said, target, telling), telling)
  if (root.notice === notice.id || !replied.includes(notice.state) || root.replied === notice.id) return
  const place = { channel: root.channel, ts: root.ts }
  if (!uncertain || !(await findReply(client, place, notice))) {
    const reply = { ...said, metadata: markOf(notice) }
    await client.chat.postMessage({ ...reply, channel: root.channel, thread_ts: root.ts })
  }
  await telling.memory.write({ replied: notice.id })
}

/** Only where a thread begins: there they change with the deployment. */
function withButtons(said: SlackMessage, { buttons }: Target, { notice }: Telling): RootMessage {
  const actions = buttons ? buttonsOf(notice) : undefined
  return { ...said, blocks: [...said.blocks, ...(actions ? [actions] : [])] }
}

type RootMessage = Omit<SlackMessage, 'blocks'> & {
  blocks: (SlackMessage['blocks'][number] | ActionsBlock)[]
}

/** The message that a thread began with, the notice that it was posted for, and the last that was replied with. */
interface Root {
  channel: string
  ts: string
  notice: string
  replied?: string | undefined
}

async function bringRootUpToDate(
  client: WebClient,
  channel: string,
  said: RootMessage,
  telling: Telling,
): Promise<Root> {
  const known = (await rootIn(telling)) ?? (await lookForRoot(client, channel, telling))
  if (known && (await update(client, known, said, telling))) return known
  const mark = markOf(telling.notice)
  const posted = await client.chat.postMessage({ ...said, channel, metadata: mark })
  const root = { channel: posted.channel ?? channel, ts: posted.ts ?? '', notice: telling.notice.id }
  await telling.memory.write({ ...root })
  return root
}

async function rootIn({ memory }: Telling): Promise<Root | undefined> {
  const { channel, ts, notice = '', replied } = await memory.read()
  return channel !== undefined && ts ? { channel, ts, notice, replied } : undefined
}

async function lookForRoot(
  client: WebClient,
  channel: string,
  { notice, uncertain, memory }: Telling,
): Promise<Root | undefined> {
  const found = uncertain ? await findRoot(client, channel, notice) : undefined
  if (!found) return undefined
  // The history answers an id only: a channel that the rules name otherwise has been posted to by that name.
  const root = { channel, ...found }
  await memory.write({ ...root })
  return root
}

/** Whether the message was still there to be changed. To do so again changes nothing. */
async function update(client: WebClient, root: Root, said: RootMessage, telling: Telling): Promise<boolean> {
  const { text, blocks } = said
  const { event_type, event_payload } = markOf(telling.notice)
  const metadata = { event_type, event_payload: { ...event_payload, notice: root.notice } }
  try {
    await client.chat.update({ channel: root.channel, ts: root.ts, text, blocks, metadata })
    return true
  } catch (error) {
    if (gone.includes(codeOf(error) ?? '')) return false
    throw error
  }
}
