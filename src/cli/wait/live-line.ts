import { cutToWidth } from '../display-width.ts'
import { columnsOf, isTerminal, note, shown } from '../terminal.ts'

/** Tells of progress on standard error: in one line that changes, on a terminal; elsewhere in a line a change. */
export interface LiveLine {
  /** How things stand. `what` is one change; `more` moves on by itself, and is for a terminal only. */
  show(what: string, more: () => string): void
  /** A line that stays. */
  say(line: string): void
  close(): void
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const everyMs = 120
const clear = '\r\u001b[2K'

export function openLiveLine(): LiveLine {
  return isTerminal(process.stderr) ? onTerminal() : elsewhere()
}

function elsewhere(): LiveLine {
  let last: string | undefined
  return {
    show(what) {
      if (what !== last) note(what)
      last = what
    },
    say: note,
    close() {},
  }
}

function onTerminal(): LiveLine {
  const stream = process.stderr
  let text: (() => string) | undefined
  let frame = 0
  const draw = () => {
    if (text === undefined) return
    const line = `${frames[frame++ % frames.length]} ${text()}`
    stream.write(clear + shown(cutToWidth(line, columnsOf(stream) - 1), stream))
  }
  const timer = setInterval(draw, everyMs)
  return {
    show(what, more) {
      text = () => `${what}${more()}`
      draw()
    },
    say(line) {
      stream.write(clear)
      note(line)
      draw()
    },
    close() {
      clearInterval(timer)
      text = undefined
      stream.write(clear)
    },
  }
}
