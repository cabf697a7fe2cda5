// Description:
//   Deploys from chat, and tells the rooms how it went: with Livraison, or straight at GitHub.
//
// Configuration:
//   LIVRAISON_URL - where Livraison is; without it, deployments are made straight at GitHub
//   HUBOT_LIVRAISON_SECRET - shared with Livraison, where it is HUBOT_SECRET, and the secret of the channel
//   HUBOT_LIVRAISON_ROOMS - the rooms in which notices may be said, separated by commas; default: all
//   HUBOT_DEPLOY_PREFIX - what commands begin with; default: deploy
//   HUBOT_DEPLOY_DEFAULT_ENVIRONMENT - where it is deployed to if nobody says
//   HUBOT_DEPLOY_APPS_JSON - hubot-deploy's file of apps; default: ./apps.json, if there is one
//   HUBOT_GITHUB_TOKEN, HUBOT_GITHUB_API - only without LIVRAISON_URL
//
// Commands:
//   hubot deploy <app>[/<branch>] [to <environment>[/<hosts>]] - deploys it
//   hubot deploy:lock <app> in <environment> [<reason>] - nothing is deployed there any more
//   hubot deploy:unlock <app> in <environment> - ends that
//   hubot deploy:rollback <app> in <environment> - deploys again what was there before
//   hubot deploy:approve <number> - agrees to a deployment; also deploy:reject and deploy:cancel
//   hubot deploy:status <app> - how its environments stand
//   hubot deploy:why <app> in <environment> - why something is not being deployed
//   hubot deploys <app> [in <environment>] - the newest deployments
//   hubot where can i deploy <app> - its environments
//   hubot deploy:version - the versions of this script, of Hubot and of Node.js

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createCommands } from './commands.js'
import { createGrammar } from './grammar.js'
import { addNotices } from './notices.js'
import { plainText } from './plain-text.js'
import { Refused } from './refused.js'
import { readSettings } from './settings.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** @param {import('./robot.js').Robot} robot */
export default function livraison(robot) {
  const settings = readSettings(process.env)
  const grammar = createGrammar(settings.prefix)
  if (settings.problem !== undefined) robot.logger.warn(settings.problem)
  addNotices(robot, settings)
  const answer = answerWith(robot, createCommands(robot, settings, grammar))

  // The ids, and the option, are hubot-deploy's: middleware that decides by them who may do what goes on doing so.
  robot.respond(grammar.where, { id: 'hubot-deploy.wcid' }, answer)
  robot.respond(grammar.recent, { id: 'hubot-deploy.recent', hubotDeployAuthenticate: true }, answer)
  robot.respond(grammar.create, { id: 'hubot-deploy.create', hubotDeployAuthenticate: true }, answer)
  robot.respond(grammar.version, { id: 'hubot-deploy.version' }, async (response) => {
    await response.reply(`hubot-livraison ${version}, Hubot ${hubotVersion()}, Node.js ${process.version}`)
  })
}

/**
 * @param {import('./robot.js').Robot} robot @param {ReturnType<typeof createCommands>} commands
 * @returns {(response: import('./robot.js').Response) => Promise<void>}
 */
function answerWith(robot, commands) {
  return async (response) => {
    const lines = await commands(response.match[1] ?? '', response.message).catch((error) => {
      if (error instanceof Refused) return [error.message]
      robot.logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error))
      return ['That went wrong here; the log of Hubot has the details.']
    })
    await response.reply(plainText(lines.join('\n')))
  }
}

/** Hubot's own, which Hubot 14 does not tell. It is installed where it was started. */
function hubotVersion() {
  try {
    return createRequire(`${process.cwd()}/`)('hubot/package.json').version
  } catch {
    return 'of unknown version'
  }
}
