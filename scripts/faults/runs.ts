import type { Happening } from './happenings.ts'
import type { Entry } from './journal.ts'

/** A stretch of time. */
export interface Span {
  from: number
  to: number
}

/** One run of a deployment's work by one process. */
export interface Run {
  run: string
  pid: number
  lane: string
  deployment: number
  from: number
  to: number
  /** How it came to an end: by itself, as it was told to, or with its process. */
  ended: 'end' | 'stopped' | 'lost' | 'never'
  /** When its process was awake: a paused one does nothing. */
  awake: Span[]
}

/** Puts the journal's lines and the fates of the processes together. Pure. */
export function readRuns(entries: Entry[], happenings: Happening[]): Run[] {
  return entries
    .filter(({ what }) => what === 'begin')
    .map((begin): Run => {
      const last = entries.find(({ run, what }) => run === begin.run && what !== 'begin')
      const death = happenings.find(
        ({ pid, what, at }) => pid === begin.pid && (what === 'killed' || what === 'ended') && at >= begin.at,
      )
      const { run, pid, lane, deployment, at: from } = begin
      const to = last?.at ?? death?.at ?? Number.POSITIVE_INFINITY
      const ended = last ? (last.what as 'end' | 'stopped') : death ? 'lost' : 'never'
      return { run, pid, lane, deployment, from, to, ended, awake: awakeSpans(begin, to, happenings) }
    })
    .sort((one, other) => one.from - other.from)
}

function awakeSpans({ pid, at }: Entry, to: number, happenings: Happening[]): Span[] {
  const spans: Span[] = []
  let from: number | undefined = at
  const turns = happenings.filter((each) => each.pid === pid && each.at > at && each.at < to)
  for (const turn of turns) {
    if (turn.what === 'paused' && from !== undefined) {
      spans.push({ from, to: turn.at })
      from = undefined
    }
    if (turn.what === 'resumed') from = turn.at
  }
  if (from !== undefined) spans.push({ from, to })
  return spans
}

/** How long two runs worked at the same time, in milliseconds. */
export function togetherMs(one: Run, other: Run): number {
  let ms = 0
  for (const a of one.awake) {
    for (const b of other.awake) ms += Math.max(0, Math.min(a.to, b.to) - Math.max(a.from, b.from))
  }
  return ms
}
