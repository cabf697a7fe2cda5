import type { Lock } from '../../locks/locks.ts'
import { type Scope, scopeWords } from '../../locks/scope.ts'
import { lockWords } from '../../locks/words.ts'
import { authorise } from '../authorise.ts'
import { scopeOf } from '../find-place.ts'
import type { LockWish, Place } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'

/** Locks an environment, a repository, or everything; a lock of one's own gets the new reason and time. */
export async function lock(context: Context, wish: LockWish): Promise<Done<{ lock: Lock }>> {
  const { access, actor, locks } = context
  const { repository, environment, reason, expiresInMs, kind = 'hard', ownerMayDeploy = false } = wish
  const deed = repository === undefined ? 'lock or unlock everything' : 'lock'
  await authorise(access, { actor, deed, repository })
  if (reason.trim() === '') throw new Refused('invalid', 'A lock needs a reason: say why.')
  const scope = await scopeOf(context, { repository, environment })
  noteScope(context, scope)
  const asked = { scope, owner: actor.name, reason, expiresInMs, kind, ownerMayDeploy }
  const locking = await locks.lock(asked)
  if (locking.outcome === 'taken') {
    throw new Refused(
      'conflict',
      `${capital(scopeWords(scope))} is locked already. ${lockWords(locking.lock)}`,
    )
  }
  return { text: `${capital(scopeWords(scope))} is locked. ${lockWords(locking.lock)}`, lock: locking.lock }
}

/** Releases the lock on a place; what it held back goes on. */
export async function unlock(
  context: Context,
  wish: Place & { id?: string | undefined },
): Promise<Done<{ lock: Lock }>> {
  const { access, actor, locks } = context
  const { repository, environment, id } = wish
  const isEverything = repository === undefined
  const mayOwn = isEverything ? 'lock or unlock everything' : 'unlock what they locked'
  await authorise(access, { actor, deed: mayOwn, repository })
  const scope = await scopeOf(context, { repository, environment })
  noteScope(context, scope)
  const there = await locks.on(scope)
  if (!there) throw new Refused('unknown', `${capital(scopeWords(scope))} is not locked.`)
  if (id !== undefined && there.id !== id) throw new Refused('conflict', anotherWords(there))
  if (there.owner !== actor.name && !isEverything) {
    await authorise(access, { actor, deed: 'unlock what others locked', repository })
  }
  // Only the one that was looked at: somebody may take it meanwhile.
  const released = await locks.unlock(scope, there.id)
  if (released) return { text: `${capital(scopeWords(scope))} is unlocked.`, lock: released }
  const now = await locks.on(scope)
  if (now) throw new Refused('conflict', anotherWords(now))
  throw new Refused('unknown', `${capital(scopeWords(scope))} is not locked any more.`)
}

function anotherWords(lock: Lock): string {
  return `That lock is gone, and there is another. ${lockWords(lock)}`
}

/** For the audit trail: names as they are now, in the right case. */
export function noteScope({ about }: Context, scope: Scope): void {
  if (scope.kind !== 'everything') about.repository = scope.repository
  if (scope.kind === 'environment') about.environment = scope.environment
}

/** At the beginning of a sentence; names of repositories and environments stay as they are. */
function capital(words: string): string {
  return words === 'everything' ? 'Everything' : words
}
