/** Signals that come this close together are one wish: npm passes Ctrl-C on to a process that had it already. */
const sameWishMs = 1000

/** Resolves at the first SIGINT, SIGTERM or SIGHUP; calls `hurry` when another wish to stop comes later. */
export function stopSignal(hurry: () => void): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let firstAt: number | undefined
    const onSignal = (signal: NodeJS.Signals): void => {
      if (firstAt === undefined) {
        firstAt = Date.now()
        resolve(signal)
      } else if (Date.now() - firstAt > sameWishMs) hurry()
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal)
  })
}
