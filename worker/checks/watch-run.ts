/** Tells a run that it is to stop. */
export interface RunWatch {
  /** Aborted when it does not go on. */
  signal: AbortSignal
  stop(): void
}

/** How often each run looks: a message could be missed, the record cannot. */
const everyMs = 500

/** Looks, again and again, whether a run goes on. While Redis does not answer, its lease decides. */
export function watchRun(goesOn: () => Promise<boolean>, intervalMs = everyMs): RunWatch {
  const ended = new AbortController()
  let looking = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    try {
      if (!(await goesOn())) {
        clearInterval(timer)
        ended.abort(new Error('Nobody waits for the outcome of this run any more.'))
      }
    } catch {
      // The connection logs its outages itself.
    } finally {
      looking = false
    }
  }, intervalMs)
  return { signal: ended.signal, stop: () => clearInterval(timer) }
}
