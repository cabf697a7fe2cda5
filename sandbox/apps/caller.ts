import type { Operation } from '../description/description.ts'
import { malformed, notFound, Refusal } from '../refusal.ts'
import type { Repository } from '../state.ts'
import { now, repositoryNamed, type World } from '../world.ts'
import { appOfJwt, isJwt } from './jwt.ts'
import { asTheApp, type Need, needs, unconditional } from './needs.ts'
import { covers, type InstallationToken, type RegisteredApp } from './state.ts'

/** Who calls by a token of an App's: the App itself, or one of its installations. */
export type AppCaller =
  | { kind: 'app'; app: RegisteredApp }
  | { kind: 'installation'; given: InstallationToken }

/** The App behind a token; undefined if it is no token of an App's. */
export function appCallerOf(world: World, token: string): AppCaller | undefined {
  if (isJwt(token)) return { kind: 'app', app: appOfJwt(world, token) }
  const given = world.apps.tokens.get(token)
  if (!given) return undefined
  if (now() >= given.expiresAt) throw new Refusal(401, 'Bad credentials')
  return { kind: 'installation', given }
}

/** Refuses what an App may not do, as GitHub does. */
export function refuseUnpermitted(world: World, caller: AppCaller, operation: Operation): void {
  if (caller.kind === 'app') {
    if (asTheApp.has(operation.id)) return
    const message = 'A JSON web token is good for the routes of the App itself only'
    throw malformed(403, message, [`${operation.id}: ${message}`])
  }
  const { given } = caller
  refuseSuspended(given)
  given.uses.push(operation.id)
  if (unconditional.has(operation.id)) return
  const wanted = needs[operation.id]
  // An App is nobody: it has no account, and may not look at one as its own.
  if (!wanted) throw malformed(403, inaccessible, [`${operation.id} is not for an App's installation`])
  refuseOthersPlaces(world, given, operation)
  if (wanted.some((need) => allows(given.permissions, need))) return
  throw new Refusal(403, inaccessible, {}, { 'x-accepted-github-permissions': wordsOf(wanted) })
}

const inaccessible = 'Resource not accessible by integration'

export function refuseSuspended({ installation }: Pick<InstallationToken, 'installation'>): void {
  if (installation.suspendedAt !== null) throw new Refusal(403, 'This installation has been suspended')
}

/** What a token is not for is not there, as far as it may know. */
function refuseOthersPlaces(world: World, given: InstallationToken, { params }: Operation): void {
  const { owner, repo, org } = params
  if (owner && repo && !isFor(given, repositoryNamed(world, `${owner}/${repo}`))) throw notFound()
  if (org && org.toLowerCase() !== given.installation.account.login.toLowerCase()) {
    throw new Refusal(403, inaccessible)
  }
}

/** Whether a token is for this repository. */
export function isFor({ installation, narrowedTo }: InstallationToken, repository: Repository): boolean {
  return covers(installation, repository) && (narrowedTo === undefined || narrowedTo.has(repository.id))
}

const order = ['read', 'write', 'admin']

export function allows(permissions: Record<string, string>, [name, access]: Need): boolean {
  return order.indexOf(permissions[name] ?? '') >= order.indexOf(access)
}

function wordsOf(wanted: readonly Need[]): string {
  return wanted.map(([name, access]) => `${name}=${access}`).join('; ')
}
