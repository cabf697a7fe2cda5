/** How patient the channels are. */
export interface ChannelTiming {
  /** How long sending one notice may take. */
  sendMs: number
  /** How long a channel is left alone when it has failed, at first; twice as long each time, up to the longest. */
  firstWaitMs: number
  longestWaitMs: number
  /** How long a notice is tried, from when it was queued. */
  keptMs: number
  /** How often the rules are looked at for channels that came or went. */
  followMs: number
  /** How often it is noted which channels there are, and how long one is in nobody's rules until it is forgotten. */
  seenMs: number
  forgetMs: number
}

export const usualTiming: ChannelTiming = {
  sendMs: 30_000,
  firstWaitMs: 1000,
  longestWaitMs: 5 * 60_000,
  keptMs: 24 * 3_600_000,
  followMs: 1000,
  seenMs: 60_000,
  // The workers of a fleet do not all get a new file at the same moment.
  forgetMs: 10 * 60_000,
}

/** How long a channel is left alone: as long as it said, else a wait that grows. Never beyond the notice's own time. Pure. */
export function waitMs(
  tries: number,
  retryAfterMs: number | undefined,
  leftMs: number,
  { firstWaitMs, longestWaitMs }: Pick<ChannelTiming, 'firstWaitMs' | 'longestWaitMs'>,
): number {
  const grown = Math.min(firstWaitMs * 2 ** Math.min(tries - 1, 30), longestWaitMs)
  return Math.max(1, Math.ceil(Math.min(retryAfterMs ?? grown, Math.max(leftMs, firstWaitMs))))
}
