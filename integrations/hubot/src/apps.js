import { existsSync, readFileSync } from 'node:fs'
import { Refused } from './refused.js'
import { isWebAddress } from './settings.js'

/**
 * hubot-deploy's apps.json, as it is. Whatever else an entry has goes into the deployment's payload.
 *
 * @typedef {object} App
 * @property {string} name As it stands in the file.
 * @property {string} repository `owner/name`
 * @property {string[]} environments
 * @property {string[] | undefined} requiredContexts
 * @property {boolean} autoMerge
 * @property {string[] | undefined} allowedRooms
 * @property {string | undefined} githubApi
 * @property {string | undefined} githubToken
 * @property {Record<string, unknown>} config What everybody who can read the repository's deployments may see.
 */

/**
 * @typedef {object} Apps
 * @property {string} file
 * @property {Map<string, unknown>} entries
 */

/** GitHub shows a payload to whoever can read the repository. */
const secretName = /token|secret|passw|credential|private_?key|api_?key|(^|_)key$/i
const neverShown = ['github_api', 'github_token']

/**
 * Reads the file anew, so that it can be changed while Hubot runs; undefined: there is none.
 *
 * @param {string | undefined} named
 * @returns {Apps | undefined}
 * @throws {Refused} in words, if there is one that cannot be used
 */
export function readApps(named) {
  const file = named ?? 'apps.json'
  if (!existsSync(file)) {
    if (named === undefined) return undefined
    throw new Refused(`HUBOT_DEPLOY_APPS_JSON names ${named}, and there is no such file.`)
  }
  let value
  try {
    value = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new Refused(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : error}`)
  }
  if (!isObject(value)) throw new Refused(`${file} is not an object with an entry for each app.`)
  return { file, entries: new Map(Object.entries(value)) }
}

/**
 * The app of a name, in capitals or not.
 *
 * @param {Apps} apps @param {string} name
 * @returns {App}
 * @throws {Refused} in words, if there is none or its entry cannot be used
 */
export function findApp({ file, entries }, name) {
  const same = [...entries.keys()].filter((each) => each.toLowerCase() === name.toLowerCase())
  const found = entries.has(name) ? name : same.length === 1 ? same[0] : undefined
  if (found === undefined) {
    const there = [...entries.keys()].slice(0, 20).join(', ') || 'none'
    throw new Refused(`${name}? Never heard of it. The apps in ${file} are: ${there}.`)
  }
  return readApp(file, found, entries.get(found))
}

/** @param {string} file @param {string} name @param {unknown} entry @returns {App} */
function readApp(file, name, entry) {
  const refuse = (/** @type {string} */ what) => new Refused(`${name} in ${file}: ${what}`)
  if (!isObject(entry)) throw refuse('it is not an object.')
  const { repository, auto_merge: autoMerge = true, github_api: api, github_token: token } = entry
  if (typeof repository !== 'string' || !/^[-_.0-9a-z]+\/[-_.0-9a-z]+$/i.test(repository)) {
    throw refuse('repository is not "owner/name".')
  }
  if (typeof autoMerge !== 'boolean') throw refuse('auto_merge is neither true nor false.')
  if (api !== undefined && (typeof api !== 'string' || !isWebAddress(api))) {
    throw refuse('github_api is not an address that begins with http:// or https://.')
  }
  if (token !== undefined && typeof token !== 'string') throw refuse('github_token is not a text.')
  const list = (/** @type {string} */ key) => {
    const value = entry[key]
    if (value === undefined || value === null) return undefined
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
    throw refuse(`${key} is not a list of texts.`)
  }
  return {
    ...{ name, repository, autoMerge },
    environments: list('environments') ?? ['production'],
    requiredContexts: list('required_contexts'),
    allowedRooms: list('allowed_rooms'),
    githubApi: api?.replace(/\/+$/, ''),
    githubToken: token,
    config: shownOf(entry),
  }
}

/** @param {Record<string, unknown>} entry */
function shownOf(entry) {
  const isShown = (/** @type {string} */ key) => !neverShown.includes(key) && !secretName.test(key)
  return Object.fromEntries(Object.entries(entry).filter(([key]) => isShown(key)))
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
