import { isEnough } from '../../access/role.ts'
import { GitHubRefusal } from '../../github/failure.ts'
import {
  type DeliveryAttempt,
  listAppAttempts,
  listAttempts,
  listHooks,
  redeliver,
  redeliverOfApp,
} from '../../github/hooks.ts'
import { fullName, type Repository } from '../../jobs/job.ts'
import { authorise, neededRoles } from '../authorise.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'

/** So many pages of a hook's attempts are looked through; each has a hundred. */
const mostPages = 20
/** A delivery that never arrived may be of any repository: so many are searched. */
const mostRepositories = 30

/** Has GitHub send a delivery once more. */
export async function replay(
  context: Context,
  { delivery }: { delivery: string },
): Promise<Done<{ delivery: string }>> {
  const { github, about } = context
  const candidates = await findCandidates(context, delivery)
  if (!github) {
    const how = 'set GITHUB_APP_ID or GITHUB_TOKEN for the receiver, too, and restart it'
    throw new Refused('unavailable', `The receiver cannot ask GitHub for it: ${how}.`)
  }
  const ofApp = context.rules.current.ourApp && (await findAttemptOfApp(github, candidates, delivery))
  if (ofApp) {
    about.repository = fullName(ofApp.repository)
    await redeliverOfApp(github, ofApp.attempt.id)
    return sentAgain(ofApp.attempt, ofApp.repository)
  }
  const closed: string[] = []
  for (const repository of candidates) {
    const found = await findAttempt(github, repository, delivery).catch((error: unknown) => {
      if (!isNoRight(error)) throw error
      closed.push(fullName(repository))
      return undefined
    })
    if (!found) continue
    about.repository = fullName(repository)
    await redeliver(github, repository, found.hook, found.attempt.id)
    return sentAgain(found.attempt, repository)
  }
  throw notFound(delivery, candidates, closed)
}

function sentAgain({ guid, event, action }: DeliveryAttempt, repository: Repository) {
  const what = event + (action === null ? '' : ` ${action}`)
  return { text: `GitHub sends ${guid} (${what} of ${fullName(repository)}) once more.`, delivery: guid }
}

/** Where a delivery may have come from: where it did come from, else wherever whoever asks may replay. */
async function findCandidates(context: Context, delivery: string): Promise<Repository[]> {
  const { trace, repositories, access, actor, about, rules } = context
  const { arrivals } = await trace.list({ guid: delivery }, 1)
  const from = arrivals[0]?.repository
  if (from) {
    const name = (await repositories.nameOf(from.id)) ?? from.fullName
    about.repository = name
    await authorise(access, { actor, deed: 'replay a delivery', repository: name })
    const [owner = '', repo = ''] = name.split('/')
    return [{ id: from.id, owner, name: repo }]
  }
  const deployed = (await repositories.all()).filter((each) => rules.current.of(fullName(each)))
  const allowed: Repository[] = []
  for (const each of deployed) {
    if (isEnough(await access.roleOf(actor, fullName(each)), neededRoles['replay a delivery']))
      allowed.push(each)
  }
  if (allowed.length === 0) await authorise(access, { actor, deed: 'replay a delivery' })
  return allowed.slice(0, mostRepositories)
}

async function findAttempt(
  github: NonNullable<Context['github']>,
  repository: Repository,
  guid: string,
): Promise<{ hook: number; attempt: DeliveryAttempt } | undefined> {
  for (const { id } of await listHooks(github, repository)) {
    const attempt = await findIn((cursor) => listAttempts(github, repository, id, cursor), guid)
    if (attempt) return { hook: id, attempt }
  }
  return undefined
}

/** Among what the webhook of our App delivered for these repositories. */
async function findAttemptOfApp(
  github: NonNullable<Context['github']>,
  repositories: readonly Repository[],
  guid: string,
): Promise<{ repository: Repository; attempt: DeliveryAttempt } | undefined> {
  const attempt = await findIn((cursor) => listAppAttempts(github, cursor), guid)
  const repository = repositories.find(({ id }) => id === attempt?.repositoryId)
  return attempt && repository && { repository, attempt }
}

async function findIn(
  list: (cursor: string | undefined) => ReturnType<typeof listAttempts>,
  guid: string,
): Promise<DeliveryAttempt | undefined> {
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page++) {
    const { attempts, next } = await list(cursor)
    const attempt = attempts.find((each) => each.guid === guid)
    if (attempt || next === undefined) return attempt
    cursor = next
  }
  return undefined
}

/** GitHub hides hooks from those who may not administer them. */
function isNoRight(error: unknown): boolean {
  return error instanceof GitHubRefusal && (error.status === 403 || error.status === 404)
}

function notFound(delivery: string, searched: readonly Repository[], closed: readonly string[]): Refused {
  if (closed.length > 0) {
    const right = 'give it the right to administer them (admin:repo_hook, or "Webhooks: write")'
    return new Refused(
      'unavailable',
      `The token in GITHUB_TOKEN may not see the webhooks of ${closed.join(', ')}: ${right}.`,
    )
  }
  const where = searched.length === 1 && searched[0] ? ` of ${fullName(searched[0])}` : ''
  const days = 'it keeps them for three days (Enterprise Server: seven)'
  return new Refused('unknown', `GitHub has no delivery ${delivery}${where}: ${days}.`)
}
