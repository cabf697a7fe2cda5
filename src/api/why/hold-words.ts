import { waitsForWords, whomWords } from '../../approvals/judge.ts'
import { durationWords } from '../../config/duration.ts'
import type { Lock } from '../../locks/locks.ts'
import { freezeWords, lockWords } from '../../locks/words.ts'
import { windowStateAt } from '../../windows/windows.ts'
import { closedWords, momentWords, windowWords } from '../../windows/words.ts'
import { isoTime } from '../present-deployment.ts'
import type { ApprovalFact, FreezeFact, HoldFacts } from './hold-facts.ts'
import { listWords } from './words.ts'

/** What would hold back a deployment that came now, in the order in which it would be told, a sentence each. Pure. */
export function foreseeHolds({ locks, freezes, windows, approvals }: HoldFacts, nowMs: number): string[] {
  const state = windowStateAt(windows, nowMs)
  return [
    ...locks.map(lockWords),
    ...freezes.filter(({ from }) => from <= nowMs).map(freezeWords),
    ...(approvals === undefined ? [] : [waitsForWords(approvals, [], nowMs + approvals.withinMs)]),
    ...(state.isOpen ? [] : [closedWords(state.opensAt, state.window.zone)]),
  ]
}

/** What holds an environment's deployments back, with sentences for people. Pure. */
export function presentHolds(holds: HoldFacts, nowMs: number) {
  return {
    locks: holds.locks.map((lock) => ({ text: lockWords(lock), ...presentLock(lock) })),
    freezes: holds.freezes.map((freeze) => presentFreeze(freeze, nowMs)),
    windows: presentWindows(holds, nowMs),
    approvals: presentRules(holds),
  }
}

function presentLock({ id, scope, owner, reason, since, expiresAt, kind, ownerMayDeploy }: Lock) {
  return {
    ...{ id, scope: scope.kind, owner, reason, since: isoTime(since), expiresAt: isoTime(expiresAt) },
    ...{ kind, ownerMayDeploy },
  }
}

function presentFreeze(freeze: FreezeFact, nowMs: number) {
  const { id, from, until, by, reason, zone } = freeze
  const isOn = from <= nowMs
  return {
    text: isOn
      ? freezeWords(freeze)
      : `Nothing begins from ${momentWords(from, zone)} to ${momentWords(until, zone)}: ${reason.replace(/\.+$/, '')}.`,
    ...{ id: id ?? null, isOn, from: isoTime(from), until: isoTime(until), by: by ?? null, reason },
  }
}

function presentWindows({ windows }: HoldFacts, nowMs: number) {
  if (windows.length === 0) return null
  const state = windowStateAt(windows, nowMs)
  const when = `Windows: ${listWords(windows.map(windowWords))}.`
  const closes = state.isOpen && state.closesAt !== undefined ? `, until ${momentWords(state.closesAt)}` : ''
  return {
    text: state.isOpen
      ? `Deployments may begin now${closes}. ${when}`
      : `${closedWords(state.opensAt, state.window.zone)} ${when}`,
    isOpen: state.isOpen,
    opensAt: isoTime(state.isOpen ? undefined : state.opensAt),
    closesAt: isoTime(state.isOpen ? state.closesAt : undefined),
  }
}

function presentRules({ approvals }: HoldFacts) {
  if (approvals === undefined) return null
  const { required, from, expireMs, withinMs } = approvals
  const what = required === 1 ? 'an approval' : `${required} approvals`
  return {
    text: `Each deployment waits for ${what} from ${whomWords(from)}, ${durationWords(withinMs)} at most.`,
    ...{ required, from },
    expireSeconds: expireMs / 1000,
    withinSeconds: withinMs / 1000,
  }
}

/** What somebody said of a deployment. Pure. */
export function presentApproval({ by, verdict, comment, at, standing }: ApprovalFact) {
  const did = verdict === 'approved' ? 'approved it' : 'rejected it'
  const but =
    standing === 'counts' || standing === 'rejects' ? '' : `, which does not count: ${butWords[standing]}`
  return {
    text: `${by} ${did} at ${isoTime(at)}${but}.`,
    ...{ by, verdict, comment, at: isoTime(at), counts: standing === 'counts' },
  }
}

const butWords = {
  'asked for it': 'they asked for the deployment',
  'of other rules': 'the rules have changed since',
  'too old': 'it is too old',
}
