import { createHash } from 'node:crypto'
import type { PersonRules } from '../../../src/config/rules.ts'
import type { Line, Message, Span } from '../../../src/notices/message.ts'
import type { Notice } from '../../../src/notices/notice.ts'
import { plainText } from '../../../src/notices/plain-text.ts'
import { truncate } from '../../../src/text.ts'
import { allLines, mentionedIn, personOf } from '../person.ts'

/** A message as an e-mail: its subject, which is one line, and its text in both forms. Pure. */
export function mailOf(message: Message): { subject: string; text: string; html: string } {
  const [title, ...lines] = allLines(message)
  return {
    subject: truncate(plainText(title ?? []), 200),
    text: `${[title ?? [], ...lines].map(textLine).join('\n')}\n`,
    html: `<p><strong>${htmlLine(title ?? [])}</strong></p>\n<p>${lines.map(htmlLine).join('<br>\n')}</p>\n`,
  }
}

/** The addresses of those whom a message mentions. Pure. */
export function copiesTo(message: Message, people: readonly PersonRules[]): string[] {
  const addresses = mentionedIn(message).flatMap((login) => personOf(login, people)?.email ?? [])
  return addresses.filter((address) => /^[^\s<>()[\],;:"@]+@[^\s<>()[\],;:"@]+$/.test(address))
}

/** The same for the same notice, so that a repeat of it can be told from a new one. Pure. */
export function messageIdOf(notice: Notice, from: string): string {
  const digest = createHash('sha256').update(notice.id).digest('hex').slice(0, 40)
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'livraison.invalid'
  return `<${digest}@${domain}>`
}

function textLine(line: Line): string {
  return line.map((span) => (span.kind === 'link' ? linkWords(span) : plainText([span]))).join('')
}

function linkWords({ text, url }: { text: string; url: string }): string {
  return text === url ? url : `${text} (${url})`
}

function htmlLine(line: Line): string {
  return line.map(htmlSpan).join('')
}

const tags = { bold: 'strong', italic: 'em', code: 'code' } as const

function htmlSpan(span: Span): string {
  if (span.kind === 'link') return `<a href="${escapeHtml(span.url)}">${escapeHtml(span.text)}</a>`
  const text = escapeHtml(plainText([span]))
  const tag = span.kind === 'text' && span.style ? tags[span.style] : undefined
  return tag === undefined ? text : `<${tag}>${text}</${tag}>`
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}
