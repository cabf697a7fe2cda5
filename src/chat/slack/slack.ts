import type { Command, Reply } from '../../commands/command.ts'
import type { RunCommand } from '../../commands/run-command.ts'
import type { RulesInForce } from '../../config/rules.ts'
import type { Repositories } from '../../deliveries/repositories.ts'
import type { Records } from '../../deployments/record.ts'
import { messageOf } from '../../errors/errors.ts'
import type { Logger } from '../../log/log.ts'
import { readRefusal } from '../../operations/perform.ts'
import { Refused } from '../../operations/refused.ts'
import { isRedisAway, redisIsAway } from '../../redis/away.ts'
import { within } from '../../within.ts'
import { deployedRepositories, findRepository, type Meant } from '../find-repository.ts'
import type { Press } from './buttons.ts'
import { readWish, type Wish } from './grammar.ts'
import { helpLines } from './help.ts'
import { type Saying, type SlackMessage, toSlackMessage } from './message.ts'
import type { FindActor } from './people.ts'
import type { SlackRequest } from './requests.ts'
import type { Respond } from './respond.ts'
import { keyOf, type Taken } from './taken.ts'
import { toCommand } from './to-command.ts'

export interface SlackTools {
  run: RunCommand
  findActor: FindActor
  respond: Respond
  rules: RulesInForce
  repositories: Repositories
  records: Pick<Records, 'read'>
  taken: Taken
  /** Where people reach the receiver, without a slash at the end. */
  publicUrl: string
  log: Logger
}

export interface Slack {
  /**
   * Takes what somebody asks for, and gives what is said at once, if anything. The rest is done after that, and answered at the
   * request's own address.
   */
  take(request: SlackRequest): Promise<SlackMessage | undefined>
  /** To be called from time to time: keeps what is under way, and takes over what other receivers died with. */
  look(): Promise<void>
  /** Resolves when all that was taken is answered, or after `limitMs`. */
  settled(limitMs: number): Promise<void>
}

/** Slack gives up after three seconds. */
const takeLimitMs = 1500

/** What people in Slack ask for, whichever way it comes. */
export function openSlack(tools: SlackTools): Slack {
  const { taken, log } = tools
  const underWay = new Map<string, { request: SlackRequest; work: Promise<void> }>()
  // Redis did not answer: these are not to be done again by anybody.
  const toForget = new Set<SlackRequest>()

  const begin = (request: SlackRequest) => {
    const work = answer(request, tools)
      .then((isSaid) => (isSaid ? taken.forget(request) : taken.leave(request)))
      .catch(() => void toForget.add(request))
      .finally(() => underWay.delete(keyOf(request)))
    underWay.set(keyOf(request), { request, work })
  }

  return {
    async take(request) {
      const instead = sayAtOnce(request)
      if (instead !== undefined) return toSlackMessage(instead)
      try {
        const isNew = await within(takeLimitMs, taken.take(request), 'Redis does not answer.')
        if (isNew) begin(request)
        return undefined
      } catch (error) {
        toForget.add(request)
        log.warn({ reason: messageOf(error) }, 'what was asked for in Slack was not taken')
        return toSlackMessage({ to: 'asker', text: redisIsAway().message })
      }
    },

    async look() {
      for (const request of toForget) {
        await taken.forget(request)
        toForget.delete(request)
      }
      await taken.renew([...underWay.values()].map(({ request }) => request))
      for (const request of await taken.takeOver()) {
        if (underWay.has(keyOf(request))) continue
        log.warn({ user: request.user.id }, 'took over what a lost receiver was asked for in Slack')
        begin(request)
      }
    },

    async settled(limitMs) {
      const works = [...underWay.values()].map(({ work }) => work)
      await within(limitMs, Promise.all(works), 'late').catch(() => {
        log.warn({ underWay: underWay.size }, 'some of what was asked for in Slack was not answered in time')
      })
    },
  }
}

/** What needs nobody and nothing: help, and what cannot be understood. */
function sayAtOnce({ what }: SlackRequest): Saying | undefined {
  if (!('command' in what)) return undefined
  const spoken = readWish(what.command, what.text)
  if ('wrong' in spoken) return { to: 'asker', text: spoken.wrong }
  if ('wish' in spoken) return undefined
  return { to: 'asker', text: 'This can be asked for:', lines: helpLines(spoken.help) }
}

/** Does it and says what came of it; false if that could not be said before the end of this process. */
async function answer(request: SlackRequest, tools: SlackTools): Promise<boolean> {
  const saying = await perform(request, tools).catch(
    (error: unknown): Saying => ({
      to: 'asker',
      text: wordsOf(error, tools.log),
    }),
  )
  return tools.respond(request.responseUrl, toSlackMessage({ ...saying, thread: request.thread }))
}

async function perform(request: SlackRequest, tools: SlackTools): Promise<Saying> {
  const actor = await tools.findActor(request.user)
  const command = await commandOf(request, tools)
  const reply = await tools.run(actor, command)
  const isForAll = reply.outcome === 'done' && changes(command) && 'command' in request.what
  const { text, lines } = reply
  return {
    ...{ to: isForAll ? 'channel' : 'asker', text },
    ...(lines === undefined ? {} : { lines }),
    ...(isForAll ? { asker: { id: request.user.id, login: actor.name } } : {}),
    ...linkOf(reply, command, tools),
  }
}

async function commandOf(request: SlackRequest, tools: SlackTools): Promise<Command> {
  const { what } = request
  if ('press' in what) return commandOfPress(what.press, tools)
  const spoken = readWish(what.command, what.text)
  if (!('wish' in spoken)) throw new Refused('invalid', 'That is not something to be done.')
  const { wish } = spoken
  return toCommand(wish, await whichRepository(wish, tools), tools.rules.current, keyOf(request))
}

async function whichRepository(wish: Wish, tools: SlackTools): Promise<Meant> {
  const { rules, repositories, records } = tools
  if (wish.app === undefined && 'deployment' in wish && wish.deployment !== undefined) {
    const record = await records.read(wish.deployment)
    const name = record && (await repositories.nameOf(record.repository.id))
    if (name !== undefined) return { repository: name }
    throw new Refused('unknown', `Livraison knows no deployment #${wish.deployment}.`)
  }
  return findRepository(wish.app, await deployedRepositories(rules, repositories))
}

/** The repository is looked up by its number: the operation refuses a deployment that is not of it. */
async function commandOfPress(
  { deed, deployment, repositoryId }: Press,
  tools: SlackTools,
): Promise<Command> {
  const repository = await tools.repositories.nameOf(repositoryId)
  if (repository === undefined) throw new Refused('unknown', `Livraison knows no deployment #${deployment}.`)
  return { name: deed, repository, deployment }
}

function changes({ name }: Command): boolean {
  return !['status', 'why', 'deployments', 'environments'].includes(name)
}

function linkOf(
  { deployment }: Reply,
  { repository }: Command,
  { publicUrl }: SlackTools,
): Pick<Saying, 'link'> {
  if (deployment === undefined) return {}
  const path = repository.split('/').map(encodeURIComponent).join('/')
  return { link: { text: `#${deployment}`, url: `${publicUrl}/deployments/${path}/${deployment}` } }
}

function wordsOf(error: unknown, log: Logger): string {
  const refused = readRefusal(error)
  if (refused) return refused.reason
  if (isRedisAway(error)) return redisIsAway().message
  log.error({ err: error }, 'what was asked for in Slack failed unexpectedly')
  return 'Something went wrong here; the log of the receiver has the details.'
}
