/** Puts the times of a page into the reader's zone and words, and counts on what is going on. */

const minute = 60
const hour = 60 * minute
const day = 24 * hour

const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'long' })
const date = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })

/**
 * How long ago a moment was, or how soon it comes; a date when that is far off.
 *
 * @param {Date} moment
 * @param {number} nowMs
 */
function relative(moment, nowMs) {
  const seconds = Math.round((nowMs - moment.getTime()) / 1000)
  const distance = Math.abs(seconds)
  if (distance < 10) return 'just now'
  if (distance >= 30 * day) return date.format(moment)
  const text = inUnits(distance)
  return seconds > 0 ? `${text} ago` : `in ${text}`
}

/** @param {number} seconds */
function inUnits(seconds) {
  if (seconds < minute) return `${seconds} s`
  if (seconds < hour) return `${Math.floor(seconds / minute)} min`
  if (seconds < day) return `${Math.floor(seconds / hour)} h`
  const days = Math.floor(seconds / day)
  return days === 1 ? '1 day' : `${days} days`
}

/**
 * How long something takes, as the server writes it, too.
 *
 * @param {number} ms
 */
function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < minute) return `${seconds} s`
  const minutes = Math.floor(seconds / minute)
  if (seconds < hour) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  const days = Math.floor(hours / 24)
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`
}

/**
 * Writes all times below an element anew.
 *
 * @param {ParentNode} root
 */
export function writeTimes(root) {
  const nowMs = Date.now()
  for (const time of root.querySelectorAll('time')) {
    const moment = new Date(time.dateTime)
    write(time, relative(moment, nowMs))
    time.title = exact.format(moment)
  }
  writeElapsed(root, nowMs)
}

/**
 * @param {ParentNode} root
 * @param {number} nowMs
 */
function writeElapsed(root, nowMs) {
  for (const element of root.querySelectorAll('[data-since]')) {
    const { since = '', usual } = /** @type {HTMLElement} */ (element).dataset
    const ms = nowMs - Date.parse(since)
    if (element instanceof HTMLProgressElement) element.value = Math.min(ms / Number(usual), 0.97)
    else write(element, span(ms))
  }
}

/**
 * @param {Element} element
 * @param {string} text
 */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** Keeps the times of the page true. */
export function keepTimes() {
  writeTimes(document)
  setInterval(() => {
    if (!document.hidden) writeElapsed(document, Date.now())
  }, 1000)
  setInterval(() => {
    if (!document.hidden) writeTimes(document)
  }, 20_000)
}
