import type { PersonRules } from '../../src/config/rules.ts'
import type { Line, Message, Span } from '../../src/notices/message.ts'
import { allLines, personOf } from './person.ts'

/** What separates letters without being seen: `@everyone` with it after the @ calls nobody. */
const separator = '\u200b'

/** Control characters, and what turns the direction of a text around. */
const unseen = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/**
 * A message as plain text for whatever chat Hubot is in: some read markup in texts, so that what would call people, link or stand
 * for another letter there is written otherwise, as people read it just as well. Pure.
 */
export function hubotText(message: Message, people: readonly PersonRules[]): string {
  return allLines(message)
    .map((line) => lineText(line, people))
    .join('\n')
}

function lineText(line: Line, people: readonly PersonRules[]): string {
  return line.map((span) => spanText(span, people)).join('')
}

function spanText(span: Span, people: readonly PersonRules[]): string {
  switch (span.kind) {
    case 'text':
      return withoutMeaning(span.text)
    case 'link': {
      const address = addressText(span.url)
      return span.text === span.url ? address : `${withoutMeaning(span.text)} (${address})`
    }
    case 'person': {
      // That name is the operator's own word: it is meant to call them.
      const name = personOf(span.login, people)?.hubot
      return name === undefined ? withoutMeaning(span.login) : `@${withoutMeaning(name)}`
    }
  }
}

/** A text in which no chat finds more than words. Pure. */
export function withoutMeaning(text: string): string {
  return text
    .replaceAll(unseen, ' ')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll(/@(?=[\p{L}\p{N}_-])/gu, `@${separator}`)
    .replaceAll(/&(?=#?[0-9a-z]+;)/gi, `&${separator}`)
    .replaceAll('](', `]${separator}(`)
}

/** An address stays one that can be followed. */
function addressText(url: string): string {
  return url
    .replaceAll(unseen, '')
    .replaceAll(/\s/g, '%20')
    .replaceAll('<', '%3C')
    .replaceAll('>', '%3E')
    .replaceAll('@', '%40')
}
