/** How far a request has come, in words: for the log, and for the outcome if time runs out. */
export interface Progress {
  /** Notes what the server did last: `answered 503`. */
  note(words: string): void
  last(): string
  /** Adds a line to the log, without secrets. */
  log(line: string): void
}

/** Follows a request; `log` gets what `mask` makes of each line. */
export function followProgress(log: (line: string) => void, mask: (text: string) => string): Progress {
  let last = 'did not answer'
  return {
    note: (words) => {
      last = words
    },
    last: () => last,
    log: (line) => log(mask(line)),
  }
}
