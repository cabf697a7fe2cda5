import { follow } from './streams.js'
import { writeTimes } from './times.js'

/** Changes come in bursts: the page is read again when one is over, or after a second of it. */
const quietMs = 120
const longestMs = 1000
/** How soon it is tried again after the server did not answer as it should. */
const failedMs = 3000

/** Follows what the page shows, and morphs it into what it has become. */
export function keepLive() {
  if (document.body.dataset.live === undefined) return
  const refresh = createRefresh()
  follow({
    // It names the last change that the page knows of: what was missed is told when the connection is there again.
    address: () => document.body.dataset.live ?? '',
    listen: (source) => source.addEventListener('change', refresh),
    tell: showState,
  })
  addEventListener('click', ({ target }) => {
    const details = target instanceof Element ? target.closest('summary')?.parentElement : undefined
    if (details) details.dataset.touched = ''
  })
}

/** @param {'live' | 'reconnecting' | 'away'} state */
function showState(state) {
  const element = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-state]'))
  if (element === null || state === 'away') return
  element.hidden = false
  element.classList.toggle('away', state !== 'live')
  element.textContent = state === 'live' ? 'Live' : 'Reconnecting'
}

function createRefresh() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  let since = 0
  let isReading = false

  const read = async () => {
    timer = undefined
    since = 0
    isReading = true
    try {
      if (!(await readAgain())) setTimeout(refresh, failedMs)
    } finally {
      isReading = false
      if (since > 0) refresh()
    }
  }

  const refresh = () => {
    since ||= Date.now()
    if (isReading) return
    clearTimeout(timer)
    timer = setTimeout(read, Math.max(0, Math.min(quietMs, since + longestMs - Date.now())))
  }
  return refresh
}

/** Says whether the page is as new as it can be. */
async function readAgain() {
  const answer = await fetch(location.href, { headers: { accept: 'text/html' }, redirect: 'manual' }).catch(
    () => undefined,
  )
  // Signed out, or gone: the browser shows what there is instead.
  if (answer?.type === 'opaqueredirect' || answer?.status === 401) location.reload()
  if (!answer?.ok) return false
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const main = document.querySelector('main')
  const nextMain = next.querySelector('main')
  if (main === null || nextMain === null) return false
  writeTimes(nextMain)
  document.title = next.title
  document.body.dataset.live = next.body.dataset.live
  Idiomorph.morph(main, nextMain, {
    morphStyle: 'outerHTML',
    ignoreActiveValue: true,
    callbacks: { beforeNodeMorphed: keep, beforeNodeRemoved: (node) => !isNotice(node) },
  })
  return true
}

/**
 * What has just happened is told once: it is not in what was read again, and stays to be read.
 *
 * @param {Node} node
 */
function isNotice(node) {
  return node instanceof HTMLElement && node.classList.contains('notice')
}

/**
 * Leaves alone what a script has the say over, and what the reader has opened or closed.
 *
 * @param {Node} before
 * @param {Node} after
 */
function keep(before, after) {
  if (!(before instanceof HTMLElement && after instanceof HTMLElement)) return true
  if (before.dataset.keep !== undefined) return false
  if (before instanceof HTMLDetailsElement && after instanceof HTMLDetailsElement) {
    if (before.dataset.touched !== undefined) {
      after.open = before.open
      after.dataset.touched = ''
    }
  }
  return true
}
