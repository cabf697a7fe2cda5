import { reasonOf } from './ask-livraison.js'
import { payloadOf } from './asked-by.js'
import { wordsOfAnswer } from './github-words.js'

/** What only Livraison can do; GitHub knows deployments, and tasks. */
const tasks = ['deploy', 'lock', 'unlock']
const answerMs = 20_000
const listedMost = 10

/**
 * Asks GitHub itself, for whatever runs deployments there, and gives what came of it, a line each.
 *
 * @param {import('./settings.js').Settings} settings
 * @param {import('./asked-by.js').AskedBy} by
 * @param {import('./grammar.js').Wish} wish
 * @param {import('./place.js').Place} place
 * @returns {Promise<string[]>}
 */
export async function askGitHub(settings, by, wish, place) {
  const at = repositoryOf(place)
  if (!at && wish.app !== undefined) {
    return [`Which repository is ${wish.app}? Write it in full, as owner/name, or put it into apps.json.`]
  }
  if (!at || (!tasks.includes(wish.name) && wish.name !== 'deployments' && wish.name !== 'environments')) {
    return [`GitHub alone cannot do that: it needs Livraison. Set LIVRAISON_URL for Hubot (see the README).`]
  }
  const token = place.entry?.githubToken ?? settings.githubToken
  if (token === undefined) return ['There is no token for GitHub: set HUBOT_GITHUB_TOKEN for Hubot.']
  const call = createCall(place.entry?.githubApi ?? settings.githubApi, token)
  try {
    if (wish.name === 'environments') return await environments(call, at, place)
    if (wish.name === 'deployments') return await newest(call, at, place)
    return await create(call, by, wish, at, place)
  } catch (error) {
    const which = wish.name === 'deployments' || wish.name === 'environments'
    const perhaps = which ? '' : ' It may have heard: look at the newest deployments before you ask again.'
    return [`GitHub could not be asked (${reasonOf(error)}).${perhaps}`]
  }
}

/** Without apps.json, what is written as app/branch is owner/name. @param {import('./place.js').Place} place */
function repositoryOf({ app, repository, ref, entry }) {
  if (entry) return { repository: /** @type {string} */ (repository), ref }
  const [name, ...rest] = (ref ?? '').split('/')
  if (app === undefined || !name) return undefined
  return { repository: `${app}/${name}`, ref: rest.length === 0 ? undefined : rest.join('/') }
}

/**
 * @typedef {{ status: number, body: import('./github-words.js').GitHubBody }} Answer
 * @typedef {(method: string, path: string, body?: unknown) => Promise<Answer>} Call
 */

/** @param {string} api @param {string} token @returns {Call} */
function createCall(api, token) {
  return async (method, path, body) => {
    const response = await fetch(`${api}${path}`, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'hubot-livraison',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerMs),
    })
    const text = await response.text()
    try {
      const body = JSON.parse(text)
      return { status: response.status, body: typeof body === 'object' && body !== null ? body : {} }
    } catch {
      return { status: response.status, body: {} }
    }
  }
}

/**
 * @param {Call} call @param {import('./asked-by.js').AskedBy} by @param {import('./grammar.js').Wish} wish
 * @param {{ repository: string, ref: string | undefined }} at @param {import('./place.js').Place} place
 */
async function create(call, by, wish, at, place) {
  const { repository } = at
  // Heaven locks, and unlocks, by deployments of these tasks.
  const task = wish.name === 'deploy' ? (wish.task ?? 'deploy') : `deploy:${wish.name}`
  const environment = place.environment ?? 'production'
  const ref = at.ref ?? (await defaultBranch(call, repository))
  if (typeof ref !== 'string') return wordsOfAnswer(ref, { repository, environment, task, ref: '' })
  const force = wish.force === true || wish.name !== 'deploy'
  const contexts = force ? [] : place.entry?.requiredContexts
  const answer = await call('POST', `/repos/${repository}/deployments`, {
    ref,
    task,
    environment,
    auto_merge: force ? false : (place.entry?.autoMerge ?? true),
    ...(contexts === undefined ? {} : { required_contexts: contexts }),
    description: descriptionOf(task, environment, wish.reason),
    payload: {
      ...payloadOf(by, place, wish.hosts),
      ...(wish.reason === undefined ? {} : { reason: wish.reason }),
    },
  })
  return wordsOfAnswer(answer, { repository, environment, task, ref, contexts })
}

/** GitHub takes 140 characters. @param {string} task @param {string} environment @param {string} [reason] */
function descriptionOf(task, environment, reason) {
  const text = `${task} on ${environment} from hubot-livraison${reason === undefined ? '' : `: ${reason}`}`
  return [...text].slice(0, 140).join('')
}

/** The default branch, or GitHub's answer if it does not tell. @param {Call} call @param {string} repository */
async function defaultBranch(call, repository) {
  const answer = await call('GET', `/repos/${repository}`)
  return typeof answer.body.default_branch === 'string' ? answer.body.default_branch : answer
}

/** @param {Call} call @param {{ repository: string }} at @param {import('./place.js').Place} place */
async function environments(call, { repository }, { app, entry }) {
  if (entry) return [`${app} can be deployed to:`, ...entry.environments]
  const { status, body } = await call('GET', `/repos/${repository}/environments`)
  if (status !== 200 || !Array.isArray(body.environments)) {
    return wordsOfAnswer({ status, body }, { repository, environment: '', task: 'deploy', ref: '' })
  }
  const names = body.environments.map(({ name }) => String(name))
  return names.length === 0
    ? [`${repository} has no environment at GitHub yet.`]
    : [`${repository} can be deployed to:`, ...names]
}

/** @param {Call} call @param {{ repository: string, ref: string | undefined }} at @param {import('./place.js').Place} place */
async function newest(call, { repository, ref }, { environment }) {
  const query = new URLSearchParams({ per_page: String(listedMost) })
  if (environment !== undefined) query.set('environment', environment)
  if (ref !== undefined) query.set('ref', ref)
  const { status, body } = await call('GET', `/repos/${repository}/deployments?${query}`)
  if (status !== 200 || !Array.isArray(body)) {
    return wordsOfAnswer({ status, body }, { repository, environment: '', task: 'deploy', ref: ref ?? '' })
  }
  const what = environment === undefined ? repository : `${environment} of ${repository}`
  if (body.length === 0) return [`Nothing has been deployed to ${what} yet.`]
  return [`The newest deployments to ${what}:`, ...body.map(deploymentLine)]
}

/**
 * @param {{ id: number, task: string, environment: string, ref: string, sha: string, created_at: string,
 *   creator?: { login?: string }, payload?: { actor?: string, notify?: { user_name?: string } } }} deployment
 */
function deploymentLine({ id, task, environment, ref, sha, creator, payload, created_at: at }) {
  const who = payload?.notify?.user_name ?? payload?.actor ?? creator?.login ?? 'somebody'
  const what = String(sha).startsWith(String(ref))
    ? String(sha).slice(0, 7)
    : `${ref} (${String(sha).slice(0, 7)})`
  const other = task === 'deploy' ? '' : `, ${task}`
  return `#${id} ${environment}: ${what}${other} by ${who}, ${at}`
}
