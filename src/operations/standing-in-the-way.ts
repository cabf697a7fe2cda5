import { whomWords } from '../approvals/judge.ts'
import type { EnvironmentRules } from '../config/rules.ts'
import type { Freeze } from '../locks/freezes.ts'
import type { Lock } from '../locks/locks.ts'
import { scopeWords } from '../locks/scope.ts'
import { freezeWords } from '../locks/words.ts'
import { windowStateAt } from '../windows/windows.ts'
import { closedWords } from '../windows/words.ts'

/** Who deploys, and how. */
export interface Passing {
  name: string
  force: boolean
}

/**
 * Why a deployment is not even made: a lock that would hold it until somebody unlocks, which is better said at once. Pure.
 */
export function lockInTheWay(locks: readonly Lock[], { name, force }: Passing): string | undefined {
  const [lock] = locks
    .filter(({ owner, ownerMayDeploy }) => !(ownerMayDeploy && owner === name))
    .filter(({ kind }) => kind === 'hard' || !force)
  if (lock === undefined) return undefined
  const by = lock.owner === name ? 'you' : lock.owner
  const what = `${scopeWords(lock.scope)} is locked by ${by}: ${lock.reason.replace(/\.+$/, '')}.`
  if (lock.kind === 'soft') return `${what} Deploy with force and a reason to pass it, or have it unlocked.`
  const way = lock.owner === name ? 'Unlock it first.' : `${lock.owner} or an approver can unlock it.`
  return `${what} ${way}`
}

/** What holds a deployment once it is made, one sentence each, as far as that is known before. Pure. */
export function heldWords(
  { windows, freezes, approvals }: Pick<EnvironmentRules, 'windows' | 'freezes' | 'approvals'>,
  declared: readonly Freeze[],
  { force }: Pick<Passing, 'force'>,
  nowMs: number,
): string[] {
  const window = windowStateAt(windows, nowMs)
  const [frozen] = [...freezes, ...declared]
    .filter(({ from, until }) => from <= nowMs && nowMs < until)
    .sort((a, b) => b.until - a.until)
  return [
    ...(window.isOpen || force ? [] : [closedWords(window.opensAt, window.window.zone)]),
    ...(frozen === undefined || force ? [] : [freezeWords(frozen)]),
    ...(approvals === undefined
      ? []
      : [`It waits for ${many(approvals.required)} from ${whomWords(approvals.from)}.`]),
  ]
}

function many(required: number): string {
  return required === 1 ? 'an approval' : `${required} approvals`
}
