import { GiveUp, messageOf } from '../errors/errors.ts'
import { Refusal } from '../errors/refusal.ts'
import { NoInstallation } from '../github/app/no-installation.ts'
import type { GitHub } from '../github/client.ts'
import { getPermission, isInOrganization, isInTeam } from '../github/memberships.ts'
import type { Logger } from '../log/log.ts'
import type { Redis } from '../redis/redis.ts'
import { within } from '../within.ts'
import type { Role } from './role.ts'

/** What is asked of GitHub about people. Each answer is kept for minutes; each throws a Refusal 503 if there is none. */
export interface Questions {
  /** The role that follows from what somebody may do in a repository at GitHub. */
  permissionOf(login: string, repository: string): Promise<Role | undefined>
  isInTeam(login: string, team: string): Promise<boolean>
  isInOrganization(login: string, organization: string): Promise<boolean>
}

export interface QuestionTools {
  redis: Redis
  prefix: string
  /** Undefined: there is no token, and nothing can be asked. */
  github: GitHub | undefined
  log: Logger
}

/** Who was given something may lose it within minutes; who waits for it, sooner. */
const yesKeptMs = 5 * 60_000
const noKeptMs = 60_000
const askLimitMs = 8000

/** `read` on a public repository is anybody's; whoever may sign in is viewer anyway. */
export const roleByPermission: Record<string, Role | undefined> = {
  admin: 'admin',
  maintain: 'approver',
  write: 'deployer',
  read: 'viewer',
}

/** GitHub as what knows who may do what. */
export function openQuestions({ redis, prefix, github, log }: QuestionTools): Questions {
  const underWay = new Map<string, Promise<string>>()

  const ask = async (key: string, about: string, question: (github: GitHub) => Promise<string>) => {
    const known = await redis.get(key)
    if (known !== null) return known
    if (github === undefined) throw unaskable(about)
    try {
      const answer = await within(askLimitMs, question(github), 'GitHub does not answer.')
      await redis.set(key, answer, 'PX', answer === 'no' ? noKeptMs : yesKeptMs)
      return answer
    } catch (error) {
      log.warn({ reason: messageOf(error) }, `GitHub did not say ${about}`)
      throw unanswered(about, error)
    }
  }

  /** One question at a time about the same, however many wait for the answer. */
  const once = (what: string, about: string, question: (github: GitHub) => Promise<string>) => {
    const key = `${prefix}:access:${what.toLowerCase()}`
    const asked = underWay.get(key) ?? ask(key, about, question).finally(() => underWay.delete(key))
    underWay.set(key, asked)
    return asked
  }

  return {
    async permissionOf(login, repository) {
      if (github === undefined || !isFullName(repository)) return undefined
      const about = `what ${login} may do in ${repository}`
      const answer = await once(`permission:${repository}:${login}`, about, async (github) => {
        const permission = await getPermission(github, repository, login)
        return permission === 'none' ? 'no' : permission
      })
      return roleByPermission[answer]
    },

    async isInTeam(login, team) {
      const answer = await once(`team:${team}:${login}`, `whether ${login} is in ${team}`, async (github) =>
        (await isInTeam(github, team, login)) ? 'yes' : 'no',
      )
      return answer === 'yes'
    },

    async isInOrganization(login, organization) {
      const about = `whether ${login} is a member of ${organization}`
      const answer = await once(`organization:${organization}:${login}`, about, async (github) =>
        (await isInOrganization(github, organization, login)) ? 'yes' : 'no',
      )
      return answer === 'yes'
    },
  }
}

/** What cannot be a repository's name is never put into an address. */
function isFullName(repository: string): boolean {
  const parts = repository.split('/')
  return parts.length === 2 && parts.every((part) => /^[\w.-]{1,100}$/.test(part) && !/^\.+$/.test(part))
}

function unaskable(about: string): Refusal {
  return new Refusal(
    503,
    `Neither GITHUB_APP_ID nor GITHUB_TOKEN is set in the receiver, so GitHub cannot be asked ${about}: set one and restart the receiver.`,
  )
}

function adviceFor(error: unknown): string {
  if (error instanceof NoInstallation) return `${error.message}.`
  if (!(error instanceof GiveUp)) return 'Try again later.'
  const right = 'the right to read members (of a token: read:org)'
  return `The token in GITHUB_TOKEN, or the GitHub App, may not know it: give it ${right}.`
}

function unanswered(about: string, error: unknown): Refusal {
  const advice = adviceFor(error)
  return new Refusal(503, `GitHub did not say ${about}, so nobody may do anything with it. ${advice}`)
}
