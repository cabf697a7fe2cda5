import type { Line, Message } from './message.ts'
import type { Notice, NoticeState } from './notice.ts'
import { readLine } from './read-line.ts'
import { fillTemplate } from './template.ts'
import { usualTexts } from './texts.ts'
import { variablesOf } from './variables.ts'

const mostLines = 60
const mostLinePoints = 4000

/**
 * A notice in words: by the operator's own text for its state, if there is one that can be used, else by the usual one. Nothing
 * that a notice says can become more than text in it.
 */
export function render(notice: Notice, texts: Readonly<Partial<Record<NoticeState, string>>>): Message {
  const own = texts[notice.state]
  const message = own === undefined ? undefined : tryText(notice, own)
  const usual = message ?? tryText(notice, usualTexts[notice.state])
  return usual ?? { title: [{ kind: 'text', text: `${notice.environment}: ${notice.state}` }], lines: [] }
}

function tryText(notice: Notice, text: string): Message | undefined {
  try {
    return readText(fillTemplate(text, variablesOf(notice)), loginsOf(notice))
  } catch {
    return undefined
  }
}

/** Only those whom the notice itself names as people at GitHub can be mentioned. */
function loginsOf({ by, byPerson, authors = [] }: Notice): ReadonlySet<string> {
  return new Set([...(byPerson ? [by] : []), ...authors])
}

function readText(text: string, logins: ReadonlySet<string>): Message | undefined {
  const lines: Line[] = []
  for (const each of text.split(/\r\n|\r|\n/)) {
    const line = readLine([...each].slice(0, mostLinePoints).join(''), logins)
    if (line.length > 0) lines.push(line)
    if (lines.length === mostLines) break
  }
  const [title, ...rest] = lines
  return title && { title, lines: rest }
}
