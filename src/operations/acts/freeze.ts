import type { Freeze } from '../../locks/freezes.ts'
import { scopeWords } from '../../locks/scope.ts'
import { freezeWords } from '../../locks/words.ts'
import { momentWords } from '../../windows/words.ts'
import { authorise } from '../authorise.ts'
import { scopeOf } from '../find-place.ts'
import type { FreezeWish } from '../operations.ts'
import type { Context, Done } from '../perform.ts'
import { Refused } from '../refused.ts'
import { noteScope } from './lock.ts'

/** Declares a time in which nothing begins to be deployed to a place. */
export async function freeze(context: Context, wish: FreezeWish): Promise<Done<{ freeze: Freeze }>> {
  const { access, actor, freezes, records } = context
  const { repository, environment, until, reason } = wish
  const deed = repository === undefined ? 'declare or end a freeze of everything' : 'declare or end a freeze'
  await authorise(access, { actor, deed, repository })
  const nowMs = await records.nowMs()
  const from = wish.from ?? nowMs
  const wrong = whyNoFreeze({ from, until, reason }, nowMs)
  if (wrong !== undefined) throw new Refused('invalid', wrong)
  const scope = await scopeOf(context, { repository, environment })
  noteScope(context, scope)
  const declared = await freezes.freeze({ scope, from, until, reason, by: actor.name })
  const begin = from > nowMs ? `, from ${momentWords(from)}` : ''
  return {
    text: `A freeze of ${scopeWords(scope)} is declared${begin}. ${freezeWords(declared)}`,
    freeze: declared,
  }
}

/** Why a time is none in which nothing can be deployed. Pure. */
export function whyNoFreeze(
  { from, until, reason }: { from: number; until: number; reason: string },
  nowMs: number,
): string | undefined {
  if (reason.trim() === '') return 'A freeze needs a reason: say why.'
  if (until <= nowMs) return `A freeze until ${momentWords(until)} would be over already.`
  return until <= from ? 'A freeze must end after it begins.' : undefined
}

/** Ends a freeze; what it held back goes on. */
export async function thaw(context: Context, { id }: { id: string }): Promise<Done<{ freeze: Freeze }>> {
  const { access, actor, freezes } = context
  const there = (await freezes.all()).find((each) => each.id === id)
  const repository = there && there.scope.kind !== 'everything' ? there.scope.repository : undefined
  const deed =
    there?.scope.kind === 'everything' ? 'declare or end a freeze of everything' : 'declare or end a freeze'
  await authorise(access, { actor, deed, repository })
  const ended = there && (await freezes.thaw(id))
  if (!ended) throw new Refused('unknown', `There is no freeze ${id}; it may be over.`)
  noteScope(context, ended.scope)
  return { text: `The freeze of ${scopeWords(ended.scope)} is over.`, freeze: ended }
}
