import type { ConversationsHistoryResponse, WebClient } from '@slack/web-api'
import type { Notice } from '../../../src/notices/notice.ts'
import { codeOf } from './trouble.ts'

/** What our messages carry, unseen, by which they are found again. */
export interface Mark {
  event_type: 'livraison_notice'
  event_payload: { thread: string; notice: string }
}

/** The mark of a message about a notice. */
export function markOf(notice: Notice): Mark {
  return { event_type: 'livraison_notice', event_payload: { thread: threadOf(notice), notice: notice.id } }
}

/** What has one thread: a deployment, or what is no deployment by itself. */
export function threadOf({ id, repository, deployment }: Notice): string {
  return deployment === undefined ? id : `deployment-${repository.id}-${deployment}`
}

export interface Found {
  ts: string
  /** The notice that it was first posted for. */
  notice: string
}

type SlackMessages = NonNullable<ConversationsHistoryResponse['messages']>

/** Clocks differ, and attempts take their time: so much earlier than the notice it is looked for. */
const earlierSeconds = 3600
const mostPages = 5

/**
 * The message that began a thread, if it was posted. Where the app may not read the channel, nobody knows: undefined.
 *
 * @see https://docs.slack.dev/reference/methods/conversations.history
 */
export async function findRoot(
  client: WebClient,
  channel: string,
  notice: Notice,
): Promise<Found | undefined> {
  const oldest = String(Math.floor(notice.at / 1000) - earlierSeconds)
  return firstFound(
    (cursor) =>
      client.conversations.history({
        ...{ channel, oldest, include_all_metadata: true, limit: 100 },
        ...(cursor !== undefined && { cursor }),
      }),
    (mark) => mark.thread === threadOf(notice),
  )
}

/** The reply in a thread that tells of a notice, if it was posted. */
export async function findReply(
  client: WebClient,
  { channel, ts }: { channel: string; ts: string },
  notice: Notice,
): Promise<Found | undefined> {
  return firstFound(
    (cursor) =>
      client.conversations.replies({
        ...{ channel, ts, include_all_metadata: true, limit: 100 },
        ...(cursor !== undefined && { cursor }),
      }),
    (mark, found) => mark.notice === notice.id && found.ts !== ts,
  )
}

interface Page {
  messages?: SlackMessages
  response_metadata?: { next_cursor?: string }
}

async function firstFound(
  ask: (cursor: string | undefined) => Promise<Page>,
  isIt: (mark: Mark['event_payload'], found: Found) => boolean,
): Promise<Found | undefined> {
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const answer = await ask(cursor).catch(unlessForbidden)
    for (const message of answer?.messages ?? []) {
      const mark = readMark(message.metadata)
      const found = { ts: message.ts ?? '', notice: mark?.notice ?? '' }
      if (mark && found.ts !== '' && isIt(mark, found)) return found
    }
    cursor = answer?.response_metadata?.next_cursor
    if (cursor === undefined || cursor === '') return undefined
  }
  return undefined
}

function readMark(metadata: SlackMessages[number]['metadata']): Mark['event_payload'] | undefined {
  if (metadata?.event_type !== 'livraison_notice') return undefined
  const { thread, notice }: Record<string, unknown> = { ...metadata.event_payload }
  return typeof thread === 'string' && typeof notice === 'string' ? { thread, notice } : undefined
}

const forbidden = [
  'missing_scope',
  'no_permission',
  'not_in_channel',
  'thread_not_found',
  'message_not_found',
]

function unlessForbidden(error: unknown): undefined {
  if (!forbidden.includes(codeOf(error) ?? '')) throw error
  return undefined
}
