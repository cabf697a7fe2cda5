/**
 * What people type, and what it asks for. It is hubot-deploy's grammar, with what Livraison can do besides; where the two differ,
 * that is on purpose and stands in the README. All of it is pure.
 *
 * @see https://github.com/atmos/hubot-deploy/blob/master/src/models/patterns.coffee
 *
 * @typedef {object} Wish
 * @property {'deploy' | 'lock' | 'unlock' | 'rollback' | 'why' | 'status' | 'approve' | 'reject' | 'cancel' | 'deployments' | 'environments'} name
 * @property {string} [app]
 * @property {string} [ref]
 * @property {string} [environment]
 * @property {string} [hosts]
 * @property {string} [task]
 * @property {boolean} [force]
 * @property {string} [reason]
 * @property {number} [deployment]
 * @property {boolean} [oneTimePassword] There was one, which is dropped.
 *
 * @typedef {{ unclear: string }} Unclear What is wrong with it, in words.
 *
 * @typedef {object} Grammar
 * @property {RegExp} create All that changes something, and questions that are asked like it.
 * @property {RegExp} recent
 * @property {RegExp} where
 * @property {RegExp} version
 * @property {(text: string) => Wish | Unclear} read Reads what one of the patterns has in its first group.
 * @property {string[]} usage
 */

const slug = '[-_.0-9a-z]+'
const place = `(${slug})(?:/(\\S+))?`
const target = `(?:\\s+(?:to|in|on)\\s+(${slug})(?:/(\\S+))?)?`
/** Of a Yubikey, or of an authenticator. */
const password = '(?:\\s+([cbdefghijklnrtuv]{32,64}|\\d{6}))?'

const aliases = new Map([
  ['stg', 'staging'],
  ['prod', 'production'],
])

/** What is no task of a deployment, but a command of its own. */
const commands = /** @type {const} */ ([
  'lock',
  'unlock',
  'rollback',
  'why',
  'status',
  'approve',
  'reject',
  'cancel',
])

/** Of these, a deployment can be named by its number. */
const byNumber = ['rollback', 'approve', 'reject', 'cancel']

/**
 * @param {string} [prefix] `deploy`, or what HUBOT_DEPLOY_PREFIX says
 * @returns {Grammar}
 */
export function createGrammar(prefix = 'deploy') {
  const word = prefix.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const plural = pluralOf(prefix).replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
  const deploy = new RegExp(
    `^${word}(:\\S+?)?(!)?\\s+${place}${target}${password}(?:\\s+because\\s+(.+))?\\s*$`,
    'is',
  )
  const recent = new RegExp(`^${plural}\\s+${place}${target}\\s*$`, 'i')
  const where = new RegExp(`^where\\s+can\\s+i\\s+${word}\\s+${place}\\s*\\??\\s*$`, 'i')
  const named = new RegExp(`^${word}:(${commands.join('|')})(!)?(?=\\s|$)(.*)$`, 'is')
  const usage = usageOf(prefix, pluralOf(prefix))

  return {
    create: new RegExp(`(${word}(?=[\\s:!]|$)(?!:version\\s*$)[\\s\\S]*)$`, 'i'),
    recent: new RegExp(`(${plural}(?=\\s|$)[\\s\\S]*)$`, 'i'),
    where: new RegExp(`(where\\s+can\\s+i\\s+${word}(?=\\s|$)[\\s\\S]*)$`, 'i'),
    version: new RegExp(`${word}:version\\s*$`, 'i'),
    usage,
    read(text) {
      const command = named.exec(text)
      if (command) return readCommand(prefix, command)
      const listed = recent.exec(text)
      if (listed) return { name: 'deployments', ...readPlace(listed, 1) }
      const asked = where.exec(text)
      if (asked) return { name: 'environments', ...readPlace(asked, 1) }
      const deployed = deploy.exec(text)
      if (deployed) return readDeploy(deployed)
      return { unclear: 'That is not how it is asked for.' }
    },
  }
}

/** @param {RegExpExecArray} match @returns {Wish} */
function readDeploy(match) {
  const [, task, force, , , , , oneTimePassword, reason] = match
  return {
    name: 'deploy',
    // GitHub and Heaven know it by this word, whatever prefix people type.
    task: `deploy${task ?? ''}`,
    ...readPlace(match, 3),
    force: force !== undefined,
    ...(reason === undefined ? {} : { reason: reason.trim() }),
    ...(oneTimePassword === undefined ? {} : { oneTimePassword: true }),
  }
}

/** @param {string} prefix @param {RegExpExecArray} match @returns {Wish | Unclear} */
function readCommand(prefix, [, word = '', force, rest = '']) {
  const name = /** @type {typeof commands[number]} */ (word.toLowerCase())
  if (force !== undefined) return { unclear: `There is no ! to ${prefix}:${name}.` }
  const numbered = /^\s+#?(\d{1,15})(?:\s+(?!(?:to|in|on)\s)(.+))?\s*$/is.exec(rest)
  if (numbered && byNumber.includes(name)) {
    return { name, deployment: Number(numbered[1]), ...readReason(numbered[2]) }
  }
  const match = new RegExp(`^\\s+${place}${target}(?:\\s+(.+))?\\s*$`, 'is').exec(rest)
  if (!match) return { unclear: `Of what, and where? ${prefix}:${name} needs an app.` }
  const { hosts, ...at } = readPlace(match, 1)
  const words = match[5]?.trim()
  if (hosts !== undefined) {
    return { unclear: `${prefix}:${name} is of a whole environment: leave out /${hosts}.` }
  }
  // "in stagign" is a typo, not the reason why all of production is locked.
  if (words !== undefined && at.environment === undefined && !/^because\s/i.test(words)) {
    return { unclear: `Is "${words}" a reason? Begin it with "because", or name the environment before it.` }
  }
  return { name, ...at, ...readReason(words) }
}

/** @param {RegExpExecArray} match @param {number} first The group that has the app. */
function readPlace(match, first) {
  const [app = '', ref, environment, hosts] = match.slice(first, first + 4)
  return {
    app,
    ...(ref === undefined ? {} : { ref }),
    ...(environment === undefined ? {} : { environment: environmentOf(environment) }),
    ...(hosts === undefined ? {} : { hosts }),
  }
}

/** @param {string | undefined} words */
function readReason(words) {
  const reason = words?.replace(/^because\s+/i, '').trim()
  return reason === undefined || reason === '' ? {} : { reason }
}

/** @param {string} word */
export function environmentOf(word) {
  return aliases.get(word.toLowerCase()) ?? word
}

/** More than one of it, in English. @param {string} word */
export function pluralOf(word) {
  if (/(?:s|x|z|ch|sh)$/i.test(word)) return `${word}es`
  if (/[^aeiou]y$/i.test(word)) return `${word.slice(0, -1)}ies`
  return `${word}s`
}

/** @param {string} one @param {string} many */
function usageOf(one, many) {
  return [
    `${one} <app>[/<branch>] [to <environment>[/<hosts>]] - deploys it`,
    `${one}! <app> to <environment> because <reason> - past what holds it back`,
    `${one}:<task> <app> to <environment> - runs another task than deploying`,
    `${one}:lock <app> in <environment> [<reason>], ${one}:unlock <app> in <environment>`,
    `${one}:rollback <app> in <environment>, or <number>`,
    `${one}:approve <number>, ${one}:reject <number> [<reason>], ${one}:cancel <number> [<reason>]`,
    `${one}:status <app> [in <environment>], ${one}:why <app> in <environment>`,
    `${many} <app> [in <environment>] - the newest ones`,
    `where can i ${one} <app>, ${one}:version`,
  ]
}
