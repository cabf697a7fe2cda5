import { createMasker } from '../../mask.ts'
import { createLineSplitter } from './lines.ts'

export interface OutputLimits {
  /** A line of more characters is cut into several. */
  lineLength: number
  /** What the log takes: beyond either of these, only the end of the output is kept. */
  characters: number
  lines: number
}

/** The log of a deployment keeps 20 000 lines and then drops the oldest, which would take the cut line with it. */
export const outputLimits: OutputLimits = { lineLength: 8192, characters: 10 * 1024 * 1024, lines: 19_000 }

/** Turns what a command writes into the lines of its log. */
export interface Output {
  add(chunk: Buffer): void
  /** The command writes no more. */
  end(): void
  /** Its last lines with anything in them, oldest first. */
  lastLines(): string[]
}

const keptAtEnd = 16 * 1024
const lastLinesKept = 20

/** An output whose lines go to `log`, secrets masked, up to the limits. Its memory is bounded, whatever comes. */
export function createOutput(
  secrets: Iterable<string>,
  log: (line: string) => void,
  limits: OutputLimits = outputLimits,
): Output {
  const masker = createMasker(secrets)
  const decoder = new TextDecoder()
  const last: string[] = []
  const room = { characters: limits.characters, lines: limits.lines }
  let dropped = 0
  let tail = ''

  const tell = (line: string) => {
    if (line.trim() !== '') last.push(line)
    if (last.length > lastLinesKept) last.shift()
    room.characters -= line.length
    room.lines -= 1
    log(line)
  }
  const splitter = createLineSplitter(limits.lineLength, tell)

  const take = (text: string) => {
    if (room.characters > 0 && room.lines > 0) return splitter.add(text)
    dropped += text.length
    tail = (tail + text).slice(-keptAtEnd)
  }
  const endCut = () => {
    const lines = tail.split('\n')
    const whole = dropped > tail.length && lines.length > 1 ? lines.slice(1) : lines
    dropped -= whole.join('\n').length
    log(`… The log is cut here: ${dropped.toLocaleString('en')} characters are left out …`)
    const ending = createLineSplitter(limits.lineLength, tell)
    ending.add(whole.join('\n'))
    ending.end()
  }

  return {
    add: (chunk) => take(masker.add(decoder.decode(chunk, { stream: true }))),
    end() {
      take(masker.add(decoder.decode()) + masker.end())
      splitter.end()
      if (dropped > 0) endCut()
    },
    lastLines: () => [...last],
  }
}
