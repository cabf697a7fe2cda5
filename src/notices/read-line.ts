import type { Nodes } from 'mdast'
import { fromMarkdown, type Options } from 'mdast-util-from-markdown'
import type { Line, Span } from './message.ts'
import { clean, piecesOf } from './values.ts'

/** A line is a paragraph, whatever it begins with; HTML is text. */
const paragraphs: Options = {
  extensions: [
    {
      disable: {
        null: [
          ...['list', 'headingAtx', 'setextUnderline', 'thematicBreak', 'blockQuote', 'codeIndented'],
          ...['codeFenced', 'htmlFlow', 'htmlText', 'definition'],
        ],
      },
    },
  ],
}

type Style = Extract<Span, { kind: 'text' }>['style']

/** The spans of a line of Markdown with hidden values (values.ts). `logins` are those that may be mentioned. Pure. */
export function readLine(line: string, logins: ReadonlySet<string>): Line {
  const bulleted = line.replace(/^\s*[-*+] +/, '• ')
  const spans = spansOf(fromMarkdown(bulleted, paragraphs), undefined, logins)
  return trim(join(spans))
}

function spansOf(node: Nodes, style: Style, logins: ReadonlySet<string>): Span[] {
  switch (node.type) {
    case 'link':
      return linkSpans(node.url, node.children.map(flatText).join(''), style, logins)
    case 'strong':
      return node.children.flatMap((child) => spansOf(child, 'bold', logins))
    case 'emphasis':
      return node.children.flatMap((child) => spansOf(child, style ?? 'italic', logins))
    case 'inlineCode':
      return textSpans(node.value, 'code', logins)
    default:
      if ('children' in node) return node.children.flatMap((child) => spansOf(child, style, logins))
      return textSpans(flatText(node), style, logins)
  }
}

function textSpans(text: string, style: Style, logins: ReadonlySet<string>): Span[] {
  return piecesOf(text).map((piece) =>
    piece.kind === 'person' && logins.has(piece.text)
      ? { kind: 'person', login: piece.text }
      : {
          kind: 'text',
          text: piece.kind === 'own' ? clean(piece.text) : piece.text,
          ...(style && { style }),
        },
  )
}

function linkSpans(target: string, hiddenText: string, style: Style, logins: ReadonlySet<string>): Span[] {
  const url = addressOf(target)
  if (url === undefined) return textSpans(hiddenText, style, logins)
  const text = piecesOf(hiddenText).map((piece) => clean(piece.text))
  return [{ kind: 'link', text: text.join('').trim() || url, url }]
}

/** The address of a link; undefined if it is none that may be linked to. A value within it stays within its part. */
function addressOf(target: string): string | undefined {
  const parts = piecesOf(target).map(({ kind, text }, at) =>
    kind === 'own' || at === 0 ? text : encodeURIComponent(text.replace(/\p{Cs}/gu, '')),
  )
  const text = parts.join('')
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return undefined
  return url.href.length <= 2000 ? url.href : undefined
}

function flatText(node: Nodes): string {
  if ('value' in node) return node.value
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? ''
  if ('children' in node) return node.children.map(flatText).join('')
  return node.type === 'break' ? ' ' : ''
}

/** Neighbours of one style are one span. */
function join(spans: readonly Span[]): Span[] {
  const joined: Span[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last?.kind === 'text' && span.kind === 'text' && last.style === span.style) {
      joined[joined.length - 1] = { ...last, text: last.text + span.text }
    } else joined.push(span)
  }
  return joined.filter((span) => span.kind === 'person' || span.text !== '')
}

/** Without blanks at its ends; nothing if there is nothing else. */
function trim(spans: readonly Span[]): Line {
  const trimmed = spans.map((span, at): Span => {
    if (span.kind !== 'text') return span
    const text = at === 0 ? span.text.trimStart() : span.text
    return { ...span, text: at === spans.length - 1 ? text.trimEnd() : text }
  })
  const kept = trimmed.filter((span) => span.kind === 'person' || span.text !== '')
  return kept.some((span) => span.kind === 'person' || span.text.trim() !== '') ? kept : []
}
