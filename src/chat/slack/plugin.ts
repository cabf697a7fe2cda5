import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { RunCommand } from '../../commands/run-command.ts'
import type { RulesInForce } from '../../config/rules.ts'
import type { Repositories } from '../../deliveries/repositories.ts'
import type { Records } from '../../deployments/record.ts'
import type { Logger } from '../../log/log.ts'
import type { Redis } from '../../redis/redis.ts'
import { openSeal } from '../../seal.ts'
import { createFindActor } from './people.ts'
import { createRespond, slackOrigins } from './respond.ts'
import { slackRoutes } from './routes.ts'
import { openSlack, type Slack } from './slack.ts'
import { openTaken } from './taken.ts'

/** How Slack reaches us, and we it. */
export interface SlackSettings {
  /** None: no requests are taken. */
  signingSecrets: readonly string[]
  /** Undefined: no connection is opened. */
  appToken: string | undefined
  /** Undefined: people are known by their member ids only. */
  botToken: string | undefined
  /** The workspaces and organizations whose people are believed; empty: whichever the app is installed in. */
  teams: readonly string[]
  /** Without a slash at the end. */
  apiUrl: string
  /** Where answers may go; Slack's own unless given. */
  responseOrigins?: readonly string[]
  /** From a try to answer to the next, at first. */
  firstWaitMs?: number
  /** How often it is looked for what other receivers died with. */
  lookMs?: number
}

export interface SlackPluginOptions {
  run: RunCommand
  rules: RulesInForce
  repositories: Repositories
  records: Pick<Records, 'read'>
  redis: Redis
  keyPrefix: string
  publicUrl: string
  log: Logger
  /** Undefined: nothing of Slack's is set. */
  settings: SlackSettings | undefined
}

const settleLimitMs = 4000

/** Well below the time after which a receiver counts as lost. */
const usualLookMs = 20_000
const slackApiUrl = 'https://slack.com/api'
const closed: SlackSettings = {
  ...{ signingSecrets: [], teams: [], apiUrl: slackApiUrl },
  ...{ appToken: undefined, botToken: undefined },
}

/** All of Slack: its routes, and while the receiver listens, its socket. */
export async function slackPlugin(app: FastifyInstance, options: SlackPluginOptions) {
  const { keyPrefix: prefix, settings = closed, ...tools } = options
  const { rules, redis, log } = tools
  const {
    signingSecrets,
    appToken,
    botToken,
    teams,
    apiUrl,
    responseOrigins: origins = slackOrigins,
    lookMs = usualLookMs,
  } = settings
  const stop = new AbortController()
  const { signal } = stop
  // Slack's libraries are slow to load, and few have set what needs them.
  const findAccount =
    botToken === undefined
      ? undefined
      : (await import('./users.ts')).createFindAccount({ ...{ botToken, apiUrl, redis, prefix, log } })
  const firstWait = settings.firstWaitMs === undefined ? {} : { firstWaitMs: settings.firstWaitMs }
  const slack = openSlack({
    ...tools,
    taken: openTaken({ redis, prefix, seal: openSeal(secretsOf(settings), 'livraison slack requests') }),
    findActor: createFindActor({ rules, teams, findAccount }),
    respond: createRespond({ log, origins, signal, ...firstWait }),
  })
  await app.register(slackRoutes, { slack, signingSecrets, redis, keyPrefix: prefix })

  let close = async () => {}
  app.addHook('onListen', async () => {
    if (signingSecrets.length > 0 || appToken !== undefined) lookAround(slack, lookMs, signal)
    if (appToken === undefined) return
    const { openSocket } = await import('./socket.ts')
    close = openSocket({ appToken, apiUrl, slack, log }).close
  })
  app.addHook('onClose', async () => {
    stop.abort()
    await Promise.all([close(), slack.settled(settleLimitMs)])
  })
}

/** What only receivers of this Slack know. Where none is set nothing is taken, and nothing sealed. */
function secretsOf({ signingSecrets, appToken }: SlackSettings): readonly string[] {
  if (signingSecrets.length > 0) return signingSecrets
  return [appToken ?? randomUUID()]
}

/** Looks at once, and then from time to time until the signal comes. */
async function lookAround(slack: Pick<Slack, 'look'>, everyMs: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Redis is away, which is said elsewhere: the next look finds what this one did not.
    await slack.look().catch(() => {})
    await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {})
  }
}
