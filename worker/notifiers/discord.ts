import type { RESTPostAPIWebhookWithTokenJSONBody } from 'discord-api-types/v10'
import type { ChannelTarget, PersonRules } from '../../src/config/rules.ts'
import type { Line, Message, Span } from '../../src/notices/message.ts'
import { fitMessage } from './fit.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools } from './notifier.ts'
import { mentionedIn, personOf } from './person.ts'
import { type ChannelAnswer, postJson } from './post-json.ts'

// https://docs.discord.com/developers/resources/webhook#execute-webhook
const mostCharacters = 2000
const suppressEmbeds = 4
const pauseMs = 30_000

/**
 * Tells a Discord channel by a webhook. A webhook cannot be asked what it posted: after an uncertain attempt it is posted again.
 *
 * @see https://docs.discord.com/developers/resources/webhook#execute-webhook
 */
export function createDiscordNotifier(
  target: Extract<ChannelTarget, { kind: 'discord' }>,
  { people }: NotifierTools,
): Notifier {
  return async ({ message, signal }) => {
    const url = new URL(target.url)
    // Only then does it say whether the message was posted.
    url.searchParams.set('wait', 'true')
    const body = JSON.stringify(discordMessage(message, people()))
    const trouble = readAnswer(await postJson('Discord', url.href, body, signal))
    if (trouble) throw trouble
  }
}

/** A message for Discord. Nobody is told by it but those whom it mentions as people. Pure. */
export function discordMessage(
  message: Message,
  people: readonly PersonRules[],
): RESTPostAPIWebhookWithTokenJSONBody {
  const content = fitMessage(
    message,
    ({ title, lines }) =>
      [`**${write(title.map(withoutBold), people)}**`, ...lines.map((line) => write(line, people))].join(
        '\n',
      ),
    (written) => written.length <= mostCharacters,
  )
  const ids = mentionedIn(message).flatMap((login) => idOf(login, people) ?? [])
  const users = ids.filter((id) => content.includes(`<@${id}>`)).slice(0, 100)
  return { content, flags: suppressEmbeds, allowed_mentions: { parse: [], users } }
}

/** The title is bold as a whole. */
function withoutBold(span: Span): Span {
  return span.kind === 'text' && span.style === 'bold' ? { kind: 'text', text: span.text } : span
}

function write(line: Line, people: readonly PersonRules[]): string {
  return line.map((span) => writeSpan(span, people)).join('')
}

function writeSpan(span: Span, people: readonly PersonRules[]): string {
  if (span.kind === 'person') {
    const id = idOf(span.login, people)
    return id === undefined ? escapeMarkdown(span.login) : `<@${id}>`
  }
  if (span.kind === 'link') return `[${escapeMarkdown(span.text)}](<${addressIn(span.url)}>)`
  const text = escapeMarkdown(span.text)
  switch (span.style) {
    case 'bold':
      return `**${text}**`
    case 'italic':
      return `*${text}*`
    // Nothing is escaped in code, so it must not have its end in it.
    case 'code':
      return `\`${span.text.replaceAll('`', "'")}\``
    default:
      return text
  }
}

function idOf(login: string, people: readonly PersonRules[]): string | undefined {
  const id = personOf(login, people)?.discord
  return id !== undefined && /^\d{5,25}$/.test(id) ? id : undefined
}

/**
 * All that Discord may read as markup, mention, link or emoji is escaped. An at sign is parted from its name as well: apps that show
 * messages in their own way know only `@everyone`.
 */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+.!|~<>:/&$^=-]/g, '\\$&').replaceAll('@', '@\u200b')
}

function addressIn(url: string): string {
  return url.replace(/[<>()\\|`*_~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** What Discord's answer means; undefined if the message was posted. Pure. */
export function readAnswer({
  status,
  text,
  retryAfterMs,
}: ChannelAnswer): ChannelTrouble | NoticeRefused | undefined {
  if (status >= 200 && status < 300) return undefined
  const { code, retryAfter } = readBody(text)
  const said = `Discord answered ${status}${code === undefined ? '' : ` (code ${code})`}`
  if (status === 429) {
    // https://docs.discord.com/developers/topics/rate-limits: seconds, with a fraction.
    const waitMs = retryAfter === undefined ? (retryAfterMs ?? pauseMs) : Math.ceil(retryAfter * 1000)
    return new ChannelTrouble(`Discord wants to be told less often (429).`, {
      retryAfterMs: waitMs,
      isCertain: true,
    })
  }
  if (status >= 500) return new ChannelTrouble(`${said}.`, { isCertain: false })
  if (status === 400 || status === 413) return new NoticeRefused(`${said}: it does not take this message.`)
  const advice = 'is the webhook still there? Make a new one in the channel’s settings, under Integrations'
  return new ChannelTrouble(`${said}: ${advice}.`, { isCertain: true })
}

function readBody(text: string): { code?: number; retryAfter?: number } {
  try {
    const body: unknown = JSON.parse(text)
    const { code, retry_after }: Record<string, unknown> = { ...(typeof body === 'object' ? body : {}) }
    return {
      ...(typeof code === 'number' && { code }),
      ...(typeof retry_after === 'number' && retry_after >= 0 && { retryAfter: retry_after }),
    }
  } catch {
    return {}
  }
}
