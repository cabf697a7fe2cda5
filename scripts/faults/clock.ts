/**
 * Milliseconds on a clock that all processes of this machine share and nobody sets. Only differences mean
 * anything.
 */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** What to add to a time since 1970, as the sandbox and the logs tell it, to have it on our clock. */
export function sinceEpoch(): number {
  return now() - (performance.timeOrigin + performance.now())
}
