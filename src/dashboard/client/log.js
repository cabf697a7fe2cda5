import { follow } from './streams.js'

/** A page holds this many lines; older ones are a link away. */
const mostLines = 5000
/** So far from the end is still at the end, in pixels. */
const nearEnd = 30

/** Follows the log of the page's deployment, and keeps its end in sight unless the reader looks elsewhere. */
export function keepLog() {
  const box = document.querySelector('[data-log]')
  const list = box?.querySelector('ol')
  if (!(box instanceof HTMLElement) || !list) return
  const toEnd = () => {
    box.scrollTop = box.scrollHeight
  }
  findLine(box)
  showFailure(box)
  if (box.dataset.log !== '') {
    const button = followButton()
    const isFollowing = () => button?.getAttribute('aria-pressed') === 'true'
    /** @param {boolean} on */
    const setFollowing = (on) => button?.setAttribute('aria-pressed', String(on))
    if (button) button.hidden = false
    setFollowing(!location.hash.startsWith('#L'))
    if (isFollowing()) toEnd()
    box.addEventListener('scroll', () => {
      setFollowing(box.scrollTop + box.clientHeight >= box.scrollHeight - nearEnd)
    })
    button?.addEventListener('click', () => {
      setFollowing(!isFollowing())
      if (isFollowing()) toEnd()
    })
    followLines(box, list, () => {
      if (isFollowing()) toEnd()
    })
  }
}

function followButton() {
  return /** @type {HTMLElement | null} */ (document.querySelector('[data-log-follow]'))
}

/**
 * @param {HTMLElement} box
 * @param {HTMLOListElement} list
 * @param {() => void} added
 */
function followLines(box, list, added) {
  /** @type {string[]} */
  let lines = []
  const write = () => {
    addLines(list, lines)
    lines = []
    added()
  }
  let last = list.lastElementChild?.getAttribute('data-id') ?? ''
  const stop = follow({
    address: () => `${box.dataset.log}?after=${encodeURIComponent(last)}`,
    listen: (source) => {
      source.addEventListener('message', ({ data, lastEventId }) => {
        last = lastEventId
        if (lines.push(`${lastEventId} ${data}`) === 1) requestAnimationFrame(write)
      })
      source.addEventListener('end', () => {
        stop()
        const button = followButton()
        if (button) button.hidden = true
      })
    },
  })
}

/**
 * @param {HTMLOListElement} list
 * @param {string[]} lines
 */
function addLines(list, lines) {
  let number = Number(list.lastElementChild?.id.slice(1) ?? 0)
  const added = document.createDocumentFragment()
  for (const line of lines) {
    number++
    const space = line.indexOf(' ')
    const item = document.createElement('li')
    item.id = `L${number}`
    item.dataset.id = line.slice(0, space)
    // What the server sends is HTML already: everything that a program wrote is escaped in it.
    item.innerHTML = `<a href="#L${number}">${number}</a><code>${line.slice(space + 1)}</code>`
    added.append(item)
  }
  list.append(added)
  while (list.children.length > mostLines) list.firstElementChild?.remove()
}

/**
 * Goes to the line that the address names; one that is not on the page is asked for.
 *
 * @param {HTMLElement} box
 */
function findLine(box) {
  const number = /^#L(\d+)$/.exec(location.hash)?.[1]
  if (number === undefined || document.getElementById(`L${number}`)) return
  const until = Number(number) + 200
  if (box.dataset.first !== undefined && Number(number) < Number(box.dataset.first)) {
    location.replace(`?until=${until}${location.hash}`)
  }
}

/**
 * Begins with what went wrong in sight, unless the address names a line.
 *
 * @param {HTMLElement} box
 */
function showFailure(box) {
  const culprit = box.querySelector('.culprit')
  if (!(culprit instanceof HTMLElement) || location.hash !== '') return
  box.scrollTop +=
    culprit.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 2
}
