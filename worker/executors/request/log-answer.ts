import { truncate } from '../../../src/text.ts'
import { parseJson, textAt } from './answer-field.ts'
import type { Answer } from './call.ts'

const mostLines = 100
const mostCharacters = 8192

/** The lines of an answer's body for the log: masked first, so that no part of a secret is left at a cut. Pure. */
export function linesOf({ text, isCut }: Answer, mask: (text: string) => string): string[] {
  const masked = mask(text)
  const shown = masked.slice(0, mostCharacters)
  const lines = shown.trimEnd().split(/\r\n|\r|\n/)
  const isWhole = !isCut && shown.length === masked.length && lines.length <= mostLines
  const kept = lines.slice(0, mostLines).filter((line, index) => line !== '' || index > 0)
  return isWhole ? kept : [...kept, '(The rest of the answer is not kept.)']
}

/** What an answer says in one line: the message in its JSON, or its first line. Pure. */
export function messageIn({ text }: Answer): string {
  const json = parseJson(text)
  const said = textAt(json, ['message']) ?? textAt(json, ['error']) ?? text
  const first = said.split(/\r\n|\r|\n/).find((line) => line.trim() !== '')
  return truncate((first ?? '').trim(), 140)
}
