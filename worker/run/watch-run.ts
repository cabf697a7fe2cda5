/** Tells a run that it is to stop. */
export interface RunWatch {
  /** Aborted, with the reason, when it does not go on. */
  signal: AbortSignal
  stop(): void
}

/** How often each run looks: a message could be missed, the record cannot. */
const everyMs = 400

/** Looks, again and again, whether something is to end a run. While Redis does not answer, its lease decides. */
export function watchRun(whyStop: () => Promise<string | undefined>, intervalMs = everyMs): RunWatch {
  const ended = new AbortController()
  let looking = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    try {
      const reason = await whyStop()
      if (reason !== undefined) {
        clearInterval(timer)
        ended.abort(new Error(reason))
      }
    } catch {
      // The connection logs its outages itself.
    } finally {
      looking = false
    }
  }, intervalMs)
  return { signal: ended.signal, stop: () => clearInterval(timer) }
}
