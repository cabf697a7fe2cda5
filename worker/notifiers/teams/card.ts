import type { PersonRules } from '../../../src/config/rules.ts'
import type { Line, Message, Span } from '../../../src/notices/message.ts'
import { mentionedIn, personOf } from '../person.ts'

/** What a card of a message is made of, as far as we use it. */
export interface AdaptiveCard {
  $schema: string
  type: 'AdaptiveCard'
  /** Teams knows 1.5; 1.4 is what its older apps know, too. */
  version: '1.4'
  body: CardElement[]
  actions?: OpenUrl[]
  msteams: { width: 'Full'; entities?: MentionEntity[] }
}

type CardElement =
  | { type: 'RichTextBlock'; inlines: TextRun[]; spacing?: 'Small' }
  | { type: 'TextBlock'; text: string; wrap: true; spacing: 'Small' }

interface TextRun {
  type: 'TextRun'
  text: string
  weight?: 'Bolder'
  size?: 'Medium'
  italic?: true
  fontType?: 'Monospace'
  selectAction?: OpenUrl
}

interface OpenUrl {
  type: 'Action.OpenUrl'
  title: string
  url: string
}

interface MentionEntity {
  type: 'mention'
  text: string
  mentioned: { id: string; name: string }
}

// Teams shows six: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference
const mostButtons = 6

/**
 * A message as an Adaptive Card. Text stands in runs, which know no Markdown; a line of nothing but links becomes buttons. Only
 * mentions need a TextBlock, and that has nothing but logins. Pure.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format
 */
export function adaptiveCard(message: Message, people: readonly PersonRules[]): AdaptiveCard {
  const buttons = message.lines.filter(isOnlyLinks).flatMap(buttonsOf).slice(0, mostButtons)
  const entities = mentionedIn(message).flatMap((login) => entityOf(login, people))
  const mentions = entities.map(({ text }) => text).join(' ')
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    ...{ type: 'AdaptiveCard', version: '1.4' },
    body: [
      { type: 'RichTextBlock', inlines: message.title.map((span) => ({ ...runOf(span), ...heading })) },
      ...message.lines.filter((line) => !isOnlyLinks(line)).map(blockOf),
      ...(mentions === '' ? [] : [{ ...textBlock, text: mentions }]),
    ],
    ...(buttons.length > 0 && { actions: buttons }),
    msteams: { width: 'Full', ...(entities.length > 0 && { entities }) },
  }
}

const heading = { weight: 'Bolder', size: 'Medium' } as const
const textBlock = { type: 'TextBlock', wrap: true, spacing: 'Small' } as const

function blockOf(line: Line): CardElement {
  return { type: 'RichTextBlock', inlines: line.map(runOf), spacing: 'Small' }
}

function runOf(span: Span): TextRun {
  if (span.kind === 'person') return { type: 'TextRun', text: span.login }
  const run: TextRun = { type: 'TextRun', text: span.text }
  if (span.kind === 'link') return { ...run, selectAction: openUrl(span) }
  if (span.style === 'bold') return { ...run, weight: 'Bolder' }
  if (span.style === 'italic') return { ...run, italic: true }
  return span.style === 'code' ? { ...run, fontType: 'Monospace' } : run
}

function isOnlyLinks(line: Line): boolean {
  const others = line.filter((span) => span.kind !== 'link')
  return (
    others.length < line.length &&
    others.every((span) => span.kind === 'text' && /^[\s·|,]*$/.test(span.text))
  )
}

function buttonsOf(line: Line): OpenUrl[] {
  return line.flatMap((span) => (span.kind === 'link' ? [openUrl(span)] : []))
}

function openUrl({ text, url }: { text: string; url: string }): OpenUrl {
  return { type: 'Action.OpenUrl', title: text, url }
}

/** The name stands in a text that knows Markdown: only what is no markup is mentioned. */
function entityOf(login: string, people: readonly PersonRules[]): MentionEntity[] {
  const id = personOf(login, people)?.teams
  if (id === undefined || !/^[A-Za-z0-9-]{1,39}$/.test(login)) return []
  return [{ type: 'mention', text: `<at>${login}</at>`, mentioned: { id, name: login } }]
}
