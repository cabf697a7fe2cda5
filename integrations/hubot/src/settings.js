/**
 * @typedef {object} Settings
 * @property {string} prefix
 * @property {string | undefined} defaultEnvironment
 * @property {string | undefined} appsFile The one that is set; otherwise ./apps.json, if it is there.
 * @property {string | undefined} livraisonUrl Without a slash at the end; undefined: straight to GitHub.
 * @property {string[]} secrets All that are taken; what is sent is signed with the first.
 * @property {string[]} rooms Where notices may be said; empty: everywhere.
 * @property {string} githubApi
 * @property {string | undefined} githubToken
 * @property {string | undefined} problem Why nothing can be asked of anybody, in words.
 */

/** @param {Record<string, string | undefined>} env @returns {Settings} */
export function readSettings(env) {
  const livraisonUrl = addressOf(env.LIVRAISON_URL)
  const githubApi = addressOf(env.HUBOT_GITHUB_API) ?? 'https://api.github.com'
  const secrets = listOf(env.HUBOT_LIVRAISON_SECRET)
  return {
    prefix: textOf(env.HUBOT_DEPLOY_PREFIX) ?? 'deploy',
    defaultEnvironment: textOf(env.HUBOT_DEPLOY_DEFAULT_ENVIRONMENT),
    appsFile: textOf(env.HUBOT_DEPLOY_APPS_JSON),
    livraisonUrl,
    secrets,
    rooms: listOf(env.HUBOT_LIVRAISON_ROOMS),
    githubApi,
    githubToken: textOf(env.HUBOT_GITHUB_TOKEN),
    problem: problemOf({ livraisonUrl, githubApi, secrets }),
  }
}

/** @param {{ livraisonUrl: string | undefined, githubApi: string, secrets: string[] }} settings */
function problemOf({ livraisonUrl, githubApi, secrets }) {
  if (livraisonUrl !== undefined && !isWebAddress(livraisonUrl)) {
    return 'LIVRAISON_URL is not an address that begins with http:// or https://.'
  }
  if (!isWebAddress(githubApi)) {
    return 'HUBOT_GITHUB_API is not an address that begins with http:// or https://.'
  }
  if (livraisonUrl !== undefined && secrets.length === 0) {
    return 'LIVRAISON_URL is set, but HUBOT_LIVRAISON_SECRET is not: give it the value of HUBOT_SECRET of Livraison.'
  }
  return undefined
}

/** @param {string} address */
export function isWebAddress(address) {
  return /^https?:\/\/./.test(address) && URL.canParse(address)
}

/** @param {string | undefined} value */
function textOf(value) {
  const text = value?.trim()
  return text === undefined || text === '' ? undefined : text
}

/** @param {string | undefined} value */
function addressOf(value) {
  return textOf(value)?.replace(/\/+$/, '')
}

/** @param {string | undefined} value */
function listOf(value) {
  const parts = (value ?? '').split(',').map((each) => each.trim())
  return parts.filter((each) => each !== '')
}
