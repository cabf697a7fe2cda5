import { stripVTControlCharacters } from 'node:util'
import { truncate } from '../../text.ts'

/** What is said in Slack: who hears it, and plain text. */
export interface Saying {
  /** Everybody in the channel, or only whoever asked. */
  to: 'channel' | 'asker'
  text: string
  lines?: readonly string[]
  /** Whose asking it answers: shown to the channel. */
  asker?: { id: string; login: string }
  link?: { text: string; url: string }
  thread?: string | undefined
}

type TextElement =
  | { type: 'text'; text: string }
  | { type: 'user'; user_id: string }
  | { type: 'link'; url: string; text: string }

interface RichTextSection {
  type: 'rich_text_section'
  elements: TextElement[]
}

interface RichTextList {
  type: 'rich_text_list'
  style: 'bullet'
  elements: RichTextSection[]
}

export interface SlackMessage {
  response_type: 'in_channel' | 'ephemeral'
  replace_original: false
  text: string
  blocks: { type: 'rich_text'; elements: (RichTextSection | RichTextList)[] }[]
  mrkdwn: false
  unfurl_links: false
  unfurl_media: false
  thread_ts?: string
}

const mostText = 2000
const mostLines = 30
const mostOfLine = 300
// All blocks together may have about 13,200 characters: https://github.com/slackapi/bolt-js/issues/2509
const mostCharacters = 12_000

/**
 * A message as Slack takes it. Nothing in it is markup: texts are elements of rich text, which Slack shows as they are, and in `text`,
 * which notifications show, what could begin a mention or a link is escaped. Pure.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function toSlackMessage(saying: Saying): SlackMessage {
  const { to, text, lines = [], asker, thread } = saying
  const said = plainText(text, mostText)
  const first = firstSection(said, saying)
  const listed = fittingLines(lines, first)
  const list: RichTextList = { type: 'rich_text_list', style: 'bullet', elements: listed.map(lineOf) }
  const fallback = [asker ? `${plainText(asker.login, mostOfLine)}: ${said}` : said, ...listed].join('\n')
  return {
    response_type: to === 'channel' ? 'in_channel' : 'ephemeral',
    replace_original: false,
    text: escapeText(truncate(fallback, mostText)),
    blocks: [{ type: 'rich_text', elements: listed.length === 0 ? [first] : [first, list] }],
    ...{ mrkdwn: false, unfurl_links: false, unfurl_media: false },
    ...(thread === undefined ? {} : { thread_ts: thread }),
  }
}

function firstSection(said: string, { asker, link }: Saying): RichTextSection {
  const who: TextElement[] = asker ? [{ type: 'user', user_id: asker.id }, textOf(': ')] : []
  const where: TextElement[] = link ? [textOf(' '), { type: 'link', ...link }] : []
  return sectionOf([...who, textOf(said), ...where])
}

/** As many lines as Slack takes, and how many more there are. */
function fittingLines(lines: readonly string[], first: RichTextSection): string[] {
  const fitting: string[] = []
  let characters = JSON.stringify(first).length
  for (const line of lines.slice(0, mostLines)) {
    const plain = plainText(line, mostOfLine)
    characters += JSON.stringify(lineOf(plain)).length + 1
    if (characters > mostCharacters) break
    fitting.push(plain)
  }
  const left = lines.length - fitting.length
  return left === 0 ? fitting : [...fitting, `... and ${left} more`]
}

function lineOf(line: string): RichTextSection {
  return sectionOf([textOf(line)])
}

/** @see https://docs.slack.dev/messaging/formatting-message-text#escaping */
function escapeText(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  // A colon begins the name of an emoji.
  return escaped.replace(/:(?=[\w+'-]+:)/g, ':\u200b')
}

// What moves the cursor, breaks the line or turns the direction of writing. Slack refuses empty texts.
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu

function plainText(text: string, limit: number): string {
  return truncate(stripVTControlCharacters(text).replace(controls, ' ').trim(), limit) || '-'
}

function textOf(text: string): TextElement {
  return { type: 'text', text }
}

function sectionOf(elements: TextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements }
}
