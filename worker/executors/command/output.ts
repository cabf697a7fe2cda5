import { createMasker } from '../../../src/log/mask.ts'
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

/** Of what is left out, its end is shown nevertheless: at most this much. */
const keptAtEnd = 16 * 1024
const linesAtEnd = 200
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
    const fits = fittingLength(text, room)
    splitter.add(text.slice(0, fits))
    if (fits === text.length) return
    if (dropped === 0) {
      splitter.end()
      log('… The log has reached its limit: of what follows, only the end is kept …')
    }
    dropped += text.length - fits
    tail = (tail + text.slice(fits)).slice(-keptAtEnd)
  }
  const endCut = () => {
    const ending = wholeLines(tail, dropped > tail.length)
    const left = (dropped - ending.length).toLocaleString('en')
    log(`… ${left} characters are left out …`)
    splitter.add(ending)
    splitter.end()
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

/** How much of the text there is room for. */
function fittingLength(text: string, room: { characters: number; lines: number }): number {
  if (room.characters <= 0 || room.lines <= 0) return 0
  return Math.min(text.length, room.characters, endOfLine(text, room.lines))
}

/** Where the nth line of a text ends; its length if it has fewer. */
function endOfLine(text: string, n: number): number {
  // It has no more lines than characters: most texts need not be looked through.
  if (text.length <= n) return text.length
  let at = 0
  for (let line = 0; line < n; line++) {
    const end = text.indexOf('\n', at)
    if (end < 0) return text.length
    at = end + 1
  }
  return at
}

/** The last lines of a text; the first of it goes if that may have lost its beginning. */
function wholeLines(text: string, isCut: boolean): string {
  const lines = text.split('\n')
  const whole = isCut && lines.length > 1 ? lines.slice(1) : lines
  return whole.slice(-linesAtEnd).join('\n')
}
