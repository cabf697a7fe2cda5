import type { Access } from '../../access/access.ts'
import type { Actor } from '../../access/actor.ts'
import { isEnough, type Role } from '../../access/role.ts'
import type { Sources } from '../../api/sources.ts'
import type { EnvironmentRules, FreezeRules } from '../../config/rules.ts'
import type { Freeze } from '../../locks/freezes.ts'
import type { Lock } from '../../locks/locks.ts'
import type { Scope } from '../../locks/scope.ts'
import { type WindowState, windowStateAt } from '../../windows/windows.ts'
import { windowWords } from '../../windows/words.ts'

/** An environment whose rules say when deployments may begin. */
export interface Timetable {
  repository: string
  environment: string
  windows: string[]
  state: WindowState
  /** The freezes of the file that are not over. */
  freezes: FreezeRules[]
}

/** All that keeps deployments from beginning, and who may end it. */
export interface LocksView {
  nowMs: number
  locks: (Lock & { mayEnd: boolean })[]
  freezes: (Freeze & { mayEnd: boolean })[]
  timetables: Timetable[]
}

/** Reads what is locked, what is frozen, and which environments have windows. */
export async function gatherLocks(sources: Sources, access: Access, actor: Actor): Promise<LocksView> {
  const [nowMs, locks, freezes, known] = await Promise.all([
    sources.records.nowMs(),
    sources.locks.all(),
    sources.freezes.all(),
    sources.repositories.all(),
  ])
  const roles = await rolesIn(
    [...locks, ...freezes].map(({ scope }) => scope),
    access,
    actor,
  )
  const roleIn = (scope: Scope) => roles.get(nameIn(scope))
  return {
    nowMs,
    locks: locks.map((lock) => ({
      ...lock,
      mayEnd: isEnough(roleIn(lock.scope), lock.owner === actor.name ? 'deployer' : 'approver'),
    })),
    freezes: freezes.map((freeze) => ({ ...freeze, mayEnd: isEnough(roleIn(freeze.scope), 'approver') })),
    timetables: known
      .map(({ owner, name }) => `${owner}/${name}`)
      .sort()
      .flatMap((repository) =>
        (sources.rules.current.of(repository)?.environments ?? []).flatMap((rules) =>
          timetableOf(repository, rules, nowMs),
        ),
      ),
  }
}

/** The role of somebody in the repository of each scope; of everything under ''. */
async function rolesIn(
  scopes: Scope[],
  access: Access,
  actor: Actor,
): Promise<Map<string, Role | undefined>> {
  const names = [...new Set(scopes.map(nameIn))]
  const roles = names.map((name) =>
    // What cannot be asked now is shown without its button.
    access.roleOf(actor, name === '' ? undefined : name).catch(() => undefined),
  )
  const known = await Promise.all(roles)
  return new Map(names.map((name, index) => [name, known[index]]))
}

function nameIn(scope: Scope): string {
  return scope.kind === 'everything' ? '' : scope.repository
}

function timetableOf(
  repository: string,
  { name, windows, freezes }: EnvironmentRules,
  nowMs: number,
): Timetable[] {
  const coming = freezes.filter(({ until }) => until > nowMs)
  if (windows.length === 0 && coming.length === 0) return []
  return [
    {
      repository,
      environment: name,
      windows: windows.map(windowWords),
      state: windowStateAt(windows, nowMs),
      freezes: coming,
    },
  ]
}
