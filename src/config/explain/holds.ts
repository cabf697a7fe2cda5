import { momentWords, windowWords } from '../../windows/words.ts'
import { durationWords } from '../duration.ts'
import type { ApprovalRules, EnvironmentRules, FreezeRules } from '../rules.ts'
import { listWords, type Show } from './words.ts'

/** What holds the deployments of an environment back, a sentence each. */
export function explainHolds(
  { waitMs, approvals, windows, freezes }: EnvironmentRules,
  show: Show,
): string[] {
  return [
    ...freezes.map((freeze) => freezeWords(freeze, show)),
    ...(windows.length === 0 ? [] : [`It begins only ${listWords(windows.map(windowWords), 'or')}.`]),
    ...(approvals === undefined ? [] : [approvalWords(approvals, show)]),
    ...(waitMs === 0 ? [] : [`It is held back for ${durationWords(waitMs)} first.`]),
  ]
}

function freezeWords({ from, until, zone, reason }: FreezeRules, show: Show): string {
  return `Nothing begins from ${momentWords(from, zone)} to ${momentWords(until, zone)}: ${show(reason.replace(/\.+$/, ''))}.`
}

function approvalWords({ required, from, expireMs, withinMs }: ApprovalRules, show: Show): string {
  const whom = from.length === 0 ? 'whoever has the role approver' : listWords(from.map(show), 'or')
  const what = required === 1 ? 'an approval' : `${required} approvals`
  return `It waits for ${what} from ${whom}, never of who asked for it; one counts for ${durationWords(expireMs)}, and after ${durationWords(withinMs)} it ends.`
}
