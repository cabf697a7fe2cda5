/** Cuts a text that comes in pieces into lines. */
export interface LineSplitter {
  add(piece: string): void
  /** The rest, as a line of its own. */
  end(): void
}

/** Gives each line to `onLine`; one of more than `limit` characters in several, all but the last with an ellipsis. */
export function createLineSplitter(limit: number, onLine: (line: string) => void): LineSplitter {
  let rest = ''
  return {
    add(piece) {
      const lines = (rest + piece).split('\n')
      const last = lines.pop() ?? ''
      for (const line of lines) onLine(cutLong(line.replace(/\r$/, ''), limit, onLine))
      rest = cutLong(last, limit, onLine)
    },
    end() {
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}

/** Gives away all but the last part of a line, which it returns. */
function cutLong(line: string, limit: number, onLine: (line: string) => void): string {
  let at = 0
  while (line.length - at > limit) {
    // Not between the halves of one character.
    const halves = /[\uD800-\uDBFF]/.test(line.charAt(at + limit - 1))
    const next = at + limit - (halves ? 1 : 0)
    onLine(`${line.slice(at, next)}…`)
    at = next
  }
  return line.slice(at)
}
