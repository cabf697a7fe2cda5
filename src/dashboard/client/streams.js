/**
 * @typedef {object} StreamOptions
 * @property {() => string} address where to begin, asked for anew after each interruption
 * @property {(source: EventSource) => void} listen adds the listeners for what comes
 * @property {(state: 'live' | 'reconnecting' | 'away') => void} [tell] is told how the connection stands
 */

const firstWaitMs = 1000
const longestWaitMs = 30_000

/**
 * Follows a stream of events for as long as somebody looks at the page: browsers allow few connections to one server, and a
 * tab in the background needs none.
 *
 * @param {StreamOptions} options
 */
export function follow({ address, listen, tell = () => {} }) {
  /** @type {EventSource | undefined} */
  let source
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again
  let waitMs = firstWaitMs
  let ended = false

  const open = () => {
    if (ended || source) return
    source = new EventSource(address())
    source.addEventListener('open', () => {
      waitMs = firstWaitMs
      tell('live')
    })
    source.addEventListener('error', retry)
    listen(source)
  }

  const close = () => {
    clearTimeout(again)
    source?.close()
    source = undefined
  }

  // Browsers do not come back to a server that answered with an error.
  const retry = () => {
    tell('reconnecting')
    close()
    again = setTimeout(open, waitMs)
    waitMs = Math.min(2 * waitMs, longestWaitMs)
  }

  const look = () => {
    if (!document.hidden) return open()
    close()
    tell('away')
  }

  document.addEventListener('visibilitychange', look)
  // A page that is gone back to comes as it was left, its connections cut.
  addEventListener('pagehide', close)
  addEventListener('pageshow', look)
  look()

  return () => {
    ended = true
    document.removeEventListener('visibilitychange', look)
    close()
  }
}
