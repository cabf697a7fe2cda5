import type { Line, Message } from '../../src/notices/message.ts'
import { plainText } from '../../src/notices/plain-text.ts'
import { truncate } from '../../src/text.ts'

const ellipsis: Line = [{ kind: 'text', text: '…' }]

/**
 * Writes a message so that the channel takes it: of one that is too long, long texts are cut, then lines left out, from the end but
 * for the last one, which has the links; at last there is only the beginning of its title. Pure.
 */
export function fitMessage<Written>(
  message: Message,
  write: (message: Message) => Written,
  fits: (written: Written) => boolean,
): Written {
  for (const shorter of shorterAndShorter(message)) {
    const written = write(shorter)
    if (fits(written)) return written
  }
  return write({ title: [{ kind: 'text', text: truncate(plainText(message.title), 100) }], lines: [] })
}

function* shorterAndShorter(message: Message): Generator<Message> {
  yield message
  const cut = { title: cutTexts(message.title, 200), lines: message.lines.map((line) => cutTexts(line, 300)) }
  yield cut
  for (let kept = cut.lines.length - 2; kept >= 0; kept--) {
    yield { ...cut, lines: [...cut.lines.slice(0, kept), ellipsis, ...cut.lines.slice(-1)] }
  }
  yield { ...cut, lines: [] }
}

function cutTexts(line: Line, limit: number): Line {
  return line.map((span) => (span.kind === 'person' ? span : { ...span, text: truncate(span.text, limit) }))
}
