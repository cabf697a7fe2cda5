import type { RulesInForce } from '../config/rules.ts'
import type { Access } from './access.ts'
import type { Actor, Face } from './actor.ts'
import type { Questions } from './questions.ts'
import { higher, isEnough, type Role, roles } from './role.ts'
import type { Tokens } from './tokens.ts'

/** {@link Access}, with what only the receiver asks. */
export interface OpenAccess extends Access {
  /** Whether somebody's role is enough. GitHub is asked only where what is known without it does not decide. */
  allows(actor: Actor, needed: Role, repository?: string): Promise<boolean>
  /** Whether a person may sign in with GitHub. */
  maySignIn(login: string): Promise<boolean>
}

export interface AccessTools {
  rules: RulesInForce
  tokens: Tokens
  questions: Questions
}

/** Finds out who may do what: from `access` in livraison.yml, from GitHub, and from the tokens. */
export function openAccess({ rules, tokens, questions }: AccessTools): OpenAccess {
  const isAmong = async (login: string, whom: readonly string[]): Promise<boolean> => {
    if (isNamed(login, whom)) return true
    for (const team of whom.filter(isTeam)) if (await questions.isInTeam(login, team)) return true
    return false
  }

  /** The role that `access` gives; no higher one is looked for than is needed. */
  const givenRole = async (login: string, needed: Role): Promise<Role | undefined> => {
    const given = rules.current.access.roles
    const byName = roles.findLast((role) => isNamed(login, given[role]))
    if (isEnough(byName, needed)) return byName
    for (const role of roles.toReversed()) {
      if (isEnough(byName, role)) break
      if (await isAmong(login, given[role])) return role
    }
    return byName
  }

  const maySignIn = async (login: string): Promise<boolean> => {
    const { people, teams, organizations } = rules.current.access
    if (isNamed(login, people)) return true
    if ((await givenRole(login, 'viewer')) !== undefined) return true
    if (await isAmong(login, teams)) return true
    for (const name of organizations) if (await questions.isInOrganization(login, name)) return true
    return false
  }

  const roleOfPerson = async ({ name: login, face }: Actor, needed: Role, repository?: string) => {
    const given = await givenRole(login, needed)
    if (isEnough(given, needed)) return given
    // Whoever speaks to us elsewhere has not been let in: what they may do in the repository is all that counts.
    const isIn = given !== undefined || isFromElsewhere(face) || (await maySignIn(login))
    if (!isIn) return undefined
    const everywhere = isFromElsewhere(face) ? given : higher(given, 'viewer')
    if (repository === undefined || isEnough(everywhere, needed)) return everywhere
    return higher(everywhere, await questions.permissionOf(login, repository))
  }

  /** The highest role, or one that is enough. */
  const find = async (actor: Actor, needed: Role, repository?: string): Promise<Role | undefined> => {
    switch (actor.kind) {
      case 'admin':
        return 'admin'
      case 'person':
        return roleOfPerson(actor, needed, repository)
      case 'token':
        return actor.tokenId === undefined ? undefined : tokens.roleOf(actor.tokenId, repository)
      case 'github':
        // Whoever may create a deployment there may write to the repository.
        return repository === undefined ? undefined : 'deployer'
    }
  }

  return {
    roleOf: (actor, repository) => find(actor, 'admin', repository),
    allows: async (actor, needed, repository) => isEnough(await find(actor, needed, repository), needed),
    isOneOf: async (actor, whom) => actor.kind === 'person' && isAmong(actor.name, whom),
    maySignIn,
  }
}

/** In a comment at GitHub, or in a chat by somebody whom `people` names: nobody signs in there. */
function isFromElsewhere(face: Face): boolean {
  return face === 'comment' || face === 'slack' || face === 'hubot'
}

function isTeam(name: string): boolean {
  return name.startsWith('@')
}

/** GitHub takes logins that differ in case only for one. */
function isNamed(login: string, whom: readonly string[]): boolean {
  return whom.some((name) => name.toLowerCase() === login.toLowerCase())
}
