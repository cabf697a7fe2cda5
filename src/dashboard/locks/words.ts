import type { Freeze } from '../../locks/freezes.ts'
import type { Lock } from '../../locks/locks.ts'
import { type Scope, scopeWords } from '../../locks/scope.ts'
import type { Place } from '../../operations/operations.ts'

/** A place in words, as it is asked for: `everything`, `acme/shop`, `production of acme/shop`. Pure. */
export function placeWords({ repository, environment }: Place): string {
  if (repository === undefined) return 'everything'
  return environment === undefined ? repository : `${environment} of ${repository}`
}

/** A scope as the place that a form names. Pure. */
export function placeOf(scope: Scope): Place {
  if (scope.kind === 'everything') return {}
  const { repository } = scope
  return scope.kind === 'environment' ? { repository, environment: scope.environment } : { repository }
}

/** What a new lock would do. Pure. */
export function lockSays(place: Place, running: number | undefined): string[] {
  const which = placeWords(place)
  const where = place.environment === undefined ? `In ${which}` : `On ${which}`
  return [
    `${where} nothing more begins until it is unlocked, or the lock ends by itself. What is asked for meanwhile waits.`,
    running === undefined
      ? 'What runs by then goes on to its end.'
      : `#${running}, which runs there now, goes on to its end.`,
  ]
}

/** What releasing a lock would do. Pure. */
export function unlockSays(lock: Lock, actor: string): string[] {
  const whose = lock.owner === actor ? 'Your lock' : `The lock of ${lock.owner}`
  return [
    `${whose} on ${scopeWords(lock.scope)} (“${lock.reason}”) is released.`,
    'What waited for it begins at once, unless something else holds it back.',
  ]
}

/** What a new freeze would do. Pure. */
export function freezeSays(place: Place): string[] {
  return [
    `Between the two times, nothing begins to be deployed in ${placeWords(place)}: it waits. Only what is forced, with a reason, and rollbacks that happen by themselves go through.`,
  ]
}

/** What ending a freeze would do. Pure. */
export function thawSays({ scope, by, reason }: Freeze): string[] {
  return [
    `The freeze of ${scopeWords(scope)} that ${by} declared (“${reason}”) ends now.`,
    'What waited for it begins at once, unless something else holds it back.',
  ]
}

/** How long locks can be set to last. */
export const lockSpans = [
  { value: '', text: 'until somebody unlocks it' },
  { value: '30m', text: '30 minutes' },
  { value: '1h', text: '1 hour' },
  { value: '4h', text: '4 hours' },
  { value: '24h', text: '1 day' },
  { value: '168h', text: '1 week' },
] as const

/** The two kinds of locks, and what each lets through. */
export const lockKinds = [
  { value: 'soft', text: 'Soft: what is forced, with a reason, goes through' },
  { value: 'hard', text: 'Hard: nothing goes through' },
] as const
