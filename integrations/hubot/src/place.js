import { findApp } from './apps.js'
import { Refused } from './refused.js'

/**
 * Where a wish leads to, by apps.json or without one.
 *
 * @typedef {object} Place
 * @property {string} [app] What people call it.
 * @property {string} [repository] Undefined: Livraison finds out what `app` is.
 * @property {string} [ref]
 * @property {string} [environment] Undefined: the only one, if there is only one.
 * @property {import('./apps.js').App} [entry]
 */

/** Of these, no environment means all of them. */
const ofAll = ['deployments', 'environments', 'status']

/**
 * @param {import('./grammar.js').Wish} wish
 * @param {import('./apps.js').Apps | undefined} apps
 * @param {string | undefined} defaultEnvironment
 * @param {readonly string[]} rooms All that the room is called.
 * @returns {Place}
 * @throws {Refused} in words, if it leads nowhere
 */
export function placeOf(wish, apps, defaultEnvironment, rooms) {
  const { app, ref } = wish
  if (app === undefined) return {}
  const isNeeded = !ofAll.includes(wish.name)
  const environment = wish.environment ?? (isNeeded ? defaultEnvironment : undefined)
  const named = { app, ...(ref === undefined ? {} : { ref }) }
  if (!apps) return { ...named, ...(environment === undefined ? {} : { environment }) }
  const entry = findApp(apps, app)
  if (isNeeded && wish.name !== 'why') refuseRoom(entry, rooms)
  const found =
    environment ?? (isNeeded && entry.environments.length === 1 ? entry.environments[0] : undefined)
  const place = { ...named, app: entry.name, repository: entry.repository, entry }
  if (found !== undefined) return { ...place, environment: spelledAsIn(entry, found) }
  if (!isNeeded) return place
  throw new Refused(`To which environment? ${entry.name} has ${listed(entry.environments)}.`)
}

/** @param {import('./apps.js').App} app @param {string} environment */
function spelledAsIn({ name, environments }, environment) {
  const found = environments.find((each) => each.toLowerCase() === environment.toLowerCase())
  if (found !== undefined) return found
  throw new Refused(
    `${name} doesn't seem to have an environment ${environment}: it has ${listed(environments)}.`,
  )
}

/** @param {import('./apps.js').App} app @param {readonly string[]} rooms */
function refuseRoom({ name, allowedRooms }, rooms) {
  if (allowedRooms === undefined || isAmong(rooms, allowedRooms)) return
  const where = allowedRooms.length === 0 ? 'no room' : listed(allowedRooms)
  throw new Refused(
    `${name} is not allowed to be deployed from this room (${rooms[0] ?? 'which has no name'}): allowed_rooms in apps.json has ${where}.`,
  )
}

/**
 * Whether a room is one of those, with a # before its name or without.
 *
 * @param {readonly string[]} rooms @param {readonly string[]} allowed
 */
export function isAmong(rooms, allowed) {
  const bare = (/** @type {string} */ name) => name.replace(/^#/, '')
  return rooms.some((room) => allowed.some((each) => bare(each) === bare(room)))
}

/** @param {readonly string[]} words */
export function listed(words) {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
