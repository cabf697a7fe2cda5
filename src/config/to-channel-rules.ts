import { createHash } from 'node:crypto'
import { type NoticeState, noticeStates } from '../notices/notice.ts'
import type { ChannelRules, ChannelTarget, PersonRules } from './rules.ts'
import type { NotifyEntry } from './schema/notify.ts'
import type { PersonEntry } from './schema/people.ts'

const usualStates: readonly NoticeState[] = ['in_progress', 'success', 'failure', 'error', 'skipped']

/** Fills in what an entry of `notify` leaves out. */
export function toChannelRules(entry: NotifyEntry): ChannelRules {
  const target = toTarget(entry)
  const { on, environments, texts, commits, per_minute } = entry
  return {
    id: channelId(target),
    target,
    // What a bot has told of a deployment it brings up to date, so that many states are no flood.
    on: on ?? (target.kind === 'slack-bot' ? noticeStates : usualStates),
    environments: environments === undefined ? [] : [environments].flat(),
    texts: given(texts ?? {}),
    commits: commits ?? 5,
    perMinute: per_minute ?? 30,
  }
}

function given(entries: NonNullable<NotifyEntry['texts']>): ChannelRules['texts'] {
  const texts: Partial<Record<NoticeState, string>> = {}
  for (const state of noticeStates) {
    const text = entries[state]
    if (text !== undefined) texts[state] = text
  }
  return texts
}

function toTarget({ slack, discord, teams, webhook, email, hubot }: NotifyEntry): ChannelTarget {
  if (typeof slack === 'string') return { kind: 'slack', url: slack }
  if (slack) {
    const { token, channel, buttons = false, api_url: apiUrl } = slack
    return { kind: 'slack-bot', token, channel, buttons, apiUrl }
  }
  if (discord !== undefined) return { kind: 'discord', url: discord }
  if (teams !== undefined) return { kind: 'teams', url: teams }
  if (webhook) {
    const { url, secret, allow_private } = webhook
    return { kind: 'webhook', url, secret, allowPrivate: allow_private ?? false }
  }
  if (email) return { kind: 'email', server: email.server, from: email.from, to: [email.to].flat() }
  if (hubot) {
    const { url, secret, room, rooms } = hubot
    return { kind: 'hubot', url, secret, room, rooms: rooms === undefined ? [] : [rooms].flat() }
  }
  // check-notify.ts has refused the file by then.
  throw new Error('An entry of notify leads nowhere.')
}

/**
 * A short digest of where a channel leads: twelve hex digits. What only proves who we are is no part of it, so that what waits
 * there goes on waiting when a secret is replaced. Pure.
 */
export function channelId(target: ChannelTarget): string {
  return createHash('sha256')
    .update(JSON.stringify(placeOf(target)))
    .digest('hex')
    .slice(0, 12)
}

function placeOf(target: ChannelTarget): unknown[] {
  switch (target.kind) {
    case 'slack-bot':
      return [target.kind, target.token, target.channel, target.apiUrl ?? '']
    case 'email': {
      const { host } = new URL(target.server)
      return [target.kind, host, target.from, target.to]
    }
    case 'hubot':
      return [target.kind, target.url, target.room, target.rooms]
    default:
      return [target.kind, target.url]
  }
}

/** Fills in what an entry of `people` leaves out. */
export function toPersonRules({ github, slack, discord, teams, email, hubot }: PersonEntry): PersonRules {
  return { github, slack, discord, teams, email, hubot }
}
