import { readApps } from './apps.js'
import { askGitHub } from './ask-github.js'
import { askLivraison } from './ask-livraison.js'
import { askedBy } from './asked-by.js'
import { placeOf } from './place.js'

/**
 * Does what somebody types, and gives what is answered, a line each.
 *
 * @param {import('./robot.js').Robot} robot @param {import('./settings.js').Settings} settings
 * @param {import('./grammar.js').Grammar} grammar
 * @returns {(text: string, message: import('./robot.js').Message) => Promise<string[]>}
 */
export function createCommands(robot, settings, grammar) {
  return async (text, message) => {
    const wish = grammar.read(text.trim())
    if ('unclear' in wish) return [wish.unclear, 'What there is:', ...grammar.usage]
    if (settings.problem !== undefined) return [settings.problem]
    const unclear = whyUnclear(wish, settings)
    if (unclear !== undefined) return [unclear]
    const by = askedBy(robot, message)
    const place = placeOf(wish, readApps(settings.appsFile), settings.defaultEnvironment, roomsOf(message))
    const answer =
      settings.livraisonUrl === undefined
        ? await askGitHub(settings, by, wish, place)
        : await askLivraison(settings, by, commandOf(wish, place))
    return wish.oneTimePassword ? [...answer, dropped] : answer
  }
}

const dropped = 'The one-time password was not needed, and was given to nobody.'

/** Each name of a host as it can stand in a list; what could be an option or a shell's is none. */
const hosts = /^[0-9a-z][-_.:0-9a-z]*(,[0-9a-z][-_.:0-9a-z]*)*$/i

/** @param {import('./grammar.js').Wish} wish @param {import('./settings.js').Settings} settings */
function whyUnclear(wish, { livraisonUrl, prefix }) {
  if (wish.hosts !== undefined && (!hosts.test(wish.hosts) || wish.hosts.length > 255)) {
    return `${wish.hosts} is no list of hosts: write their names, with commas between them.`
  }
  if (wish.force && wish.reason === undefined && livraisonUrl !== undefined) {
    return `To force a deployment needs a reason: ${prefix}! ${wish.app} to ${wish.environment ?? 'ENVIRONMENT'} because ...`
  }
  return undefined
}

/** @param {import('./robot.js').Message} message */
function roomsOf({ room, user }) {
  return [room, user.room].filter((each) => each !== undefined && each !== null).map(String)
}

/** The command as Livraison takes it. @param {import('./grammar.js').Wish} wish @param {import('./place.js').Place} place */
function commandOf({ name, task, force, reason, deployment, hosts: on }, place) {
  const { app, repository, ref, environment, entry } = place
  const all = { name, task, force, reason, deployment, app, repository, ref, environment, hosts: on }
  const said = Object.entries(all).filter(([, value]) => value !== undefined)
  return { ...Object.fromEntries(said), ...(name === 'deploy' && entry ? { config: entry.config } : {}) }
}
