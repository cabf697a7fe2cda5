import { truncate } from '../text.ts'
import { momentWords, untilWords } from '../windows/words.ts'
import type { Lock } from './locks.ts'
import { type Scope, scopeWords } from './scope.ts'

const longestName = 40

/**
 * A sentence whose middle is cut to let the whole have at most 140 code points: what somebody gave as the reason. Without
 * one, the middle and its colon are left out. Pure.
 */
export function withReason(start: string, reason: string, end: string): string {
  const [line = ''] = reason
    .trim()
    .replace(/\.+$/, '')
    .split(/[\r\n]/)
  const left = 140 - [...start, ...end].length - 3
  return line === '' || left < 4 ? `${start}.${end}` : `${start}: ${truncate(line, left)}.${end}`
}

/**
 * Who locks what, why, until when, and who can end it, in at most 140 code points: `Locked by octocat: database migration.
 * Until 14:00 UTC. octocat or an approver can unlock it.` Pure.
 */
export function lockWords({ scope, owner, reason, since, expiresAt, kind }: Lock): string {
  const name = truncate(owner, longestName)
  const until = expiresAt === undefined ? '' : ` Until ${untilWords(expiresAt, since)}.`
  const end = `${name === owner ? name : 'They'} or an approver can unlock it.`
  const soft = kind === 'soft' ? ' Force passes it.' : ''
  return withReason(`${whatWords(scope)} by ${name}`, reason, `${until}${soft} ${end}`)
}

/** `Locked`, in the words of what is locked beyond the environment itself. */
function whatWords(scope: Scope): string {
  if (scope.kind === 'environment') return 'Locked'
  return scope.kind === 'everything'
    ? 'Everything is locked'
    : `${truncate(scopeWords(scope), longestName)} is locked`
}

/** A time in which nothing begins, as both the file and people declare it. */
export interface DeclaredFreeze {
  until: number
  /** The zone that it was written in; undefined: UTC. */
  zone?: string
  reason: string
  /** Who declared it; undefined: it is in the file. */
  by?: string
}

/** Until when and why nothing begins, and who can let something pass, in at most 140 code points. Pure. */
export function freezeWords({ until, zone, reason, by }: DeclaredFreeze): string {
  const who = by === undefined ? '' : ` Declared by ${truncate(by, longestName)}.`
  return withReason(`Frozen until ${momentWords(until, zone)}`, reason, `${who} An approver can override it.`)
}
