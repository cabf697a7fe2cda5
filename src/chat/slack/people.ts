import type { Actor } from '../../access/actor.ts'
import type { RulesInForce } from '../../config/rules.ts'
import { Refused } from '../../operations/refused.ts'
import { whoIs } from '../who-is.ts'
import type { SlackUser } from './requests.ts'
import type { FindAccount, SlackAccount } from './users.ts'

/** Who somebody in Slack is at GitHub. @throws {Refused} in words, if nobody says so */
export type FindActor = (user: SlackUser) => Promise<Actor>

export interface PeopleTools {
  rules: RulesInForce
  /** The workspaces and organizations whose members are believed; empty: the one that is asked in. */
  teams: readonly string[]
  /** Undefined: nobody is known by their address. */
  findAccount: FindAccount | undefined
}

/** People by `people` in livraison.yml: by their member id, or by the address that Slack vouches for. */
export function createFindActor({ rules, teams, findAccount }: PeopleTools): FindActor {
  return async (user) => {
    refuseStrangers(user, teams)
    const { people } = rules.current
    const named = { chat: 'slack', names: [user.id] } as const
    const login = whoIs(named, people)
    if (login !== undefined) return actorOf(login)
    const byAddress = people.some(({ email }) => email !== undefined)
    const account = byAddress ? await findAccount?.(user.id) : undefined
    const email = account && isOf(account, user) ? account.email : undefined
    const found = whoIs({ ...named, email }, people)
    if (found !== undefined) return actorOf(found)
    throw new Refused('forbidden', unknownWords(user))
  }
}

/**
 * Member ids are of a workspace. Requests come only from workspaces that the app is installed in; but in a channel that is shared with
 * another company, its people may press buttons, too.
 *
 * @see https://docs.slack.dev/apis/slack-connect/using-slack-connect-with-your-app
 */
function refuseStrangers({ team, askedIn, enterprise }: SlackUser, teams: readonly string[]): void {
  const isOfHere = askedIn === undefined || team === askedIn
  if (teams.length === 0 ? isOfHere : isAmong(team, teams) || (isOfHere && isAmong(enterprise, teams))) return
  throw new Refused(
    'forbidden',
    `You are of the workspace ${team ?? 'that Slack does not name'}, whose people may ask for nothing here: SLACK_TEAM_ID names those who may.`,
  )
}

/** A member id of one workspace may be somebody else's in another. */
function isOf({ teams }: SlackAccount, { team, enterprise }: SlackUser): boolean {
  return teams.length === 0 || isAmong(team, teams) || isAmong(enterprise, teams)
}

function isAmong(id: string | undefined, teams: readonly string[]): boolean {
  return id !== undefined && teams.includes(id)
}

function actorOf(login: string): Actor {
  return { kind: 'person', name: login, face: 'slack' }
}

function unknownWords({ id }: SlackUser): string {
  return `Nobody says who you are at GitHub, so you may do nothing here. Have this line added to people: in livraison.yml, with your login: - { github: YOUR-LOGIN, slack: ${id} }`
}
