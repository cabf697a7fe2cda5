import type { RichTextBlock, RichTextElement } from '@slack/types'
import type { PersonRules } from '../../../src/config/rules.ts'
import type { Line, Message, Span } from '../../../src/notices/message.ts'
import { plainText } from '../../../src/notices/plain-text.ts'
import { truncate } from '../../../src/text.ts'
import { fitMessage } from '../fit.ts'
import { allLines, personOf } from '../person.ts'

/** What Slack is sent of a message. */
export interface SlackMessage {
  /** What is shown where blocks are not: in notifications. */
  text: string
  blocks: RichTextBlock[]
  unfurl_links: false
  unfurl_media: false
  /** Nothing in `text` is markup. */
  mrkdwn: false
}

// All blocks together may have about 13,200 characters: https://github.com/slackapi/bolt-js/issues/2509
const mostBlockCharacters = 10_000
// Longer texts are cut by Slack: https://docs.slack.dev/reference/methods/chat.postMessage
const mostTextCharacters = 3000

/**
 * A message for Slack. Rich text elements are what they are: Slack looks for no markup, mentions or emoji in their text. Pure.
 *
 * @see https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function slackMessage(message: Message, people: readonly PersonRules[]): SlackMessage {
  const blocks = fitMessage(
    message,
    (shorter) => [richText(shorter, people)],
    (written) => JSON.stringify(written).length <= mostBlockCharacters,
  )
  const text = fallbackText(allLines(message).map(plainText).join('\n'))
  return { text, blocks, unfurl_links: false, unfurl_media: false, mrkdwn: false }
}

function richText({ title, lines }: Message, people: readonly PersonRules[]): RichTextBlock {
  const elements = [
    ...title.map((span) => boldly(elementOf(span, people))),
    ...lines.flatMap((line) => [newLine, ...elementsOf(line, people)]),
  ]
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] }
}

const newLine: RichTextElement = { type: 'text', text: '\n' }

function elementsOf(line: Line, people: readonly PersonRules[]): RichTextElement[] {
  return line.map((span) => elementOf(span, people))
}

function elementOf(span: Span, people: readonly PersonRules[]): RichTextElement {
  switch (span.kind) {
    case 'text':
      return { type: 'text', text: span.text, ...(span.style && { style: { [span.style]: true } }) }
    case 'link':
      return { type: 'link', text: span.text, url: span.url }
    case 'person': {
      const id = personOf(span.login, people)?.slack ?? ''
      return /^[UW][A-Z0-9]+$/.test(id) ? { type: 'user', user_id: id } : { type: 'text', text: span.login }
    }
  }
}

function boldly(element: RichTextElement): RichTextElement {
  const style = 'style' in element ? element.style : {}
  return { ...element, style: { ...style, bold: true } }
}

/**
 * `&`, `<` and `>` begin what Slack reads in a text (https://docs.slack.dev/messaging/formatting-message-text#escaping), a colon
 * the name of an emoji; `@` and `#` would be linked only on demand.
 */
function fallbackText(text: string): string {
  const cut = truncate(text, mostTextCharacters)
  const escaped = cut.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped.replace(/:(?=[\w+'-]+:)/g, ':\u200b')
}
