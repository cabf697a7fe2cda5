import type { Hook } from '../../../github/hooks.ts'
import { ourHooks, webhookPath } from '../../../github/our-hooks.ts'
import { isLoopback } from '../reach.ts'

/** A webhook with all that the doctor looks at. */
export interface HookFacts extends Hook {
  contentType: string
  hasSecret: boolean
  /** Whether GitHub looks at no certificate. */
  insecure: boolean
  /** The status of the last answers, newest first; 0: there was none. Undefined: they cannot be read. */
  answers: number[] | undefined
}

/** How a webhook should be. */
export interface WantedHook {
  /** Where it should lead: the receiver, or the channel of a tunnel. */
  url: string
  events: readonly string[]
  /** Whether what carries its deliveries takes JSON only. */
  jsonOnly: boolean
}

/** What of a webhook may be sent to GitHub. */
export interface HookSecret {
  /** What deliveries are to be signed with; undefined: this machine does not know. */
  secret: string | undefined
  /** Whether the receiver has taken a delivery that was signed with it. */
  isProven: boolean
}

/** Which webhook is ours: the one that leads to us, or one that is meant to. */
export type FoundHook = { kind: 'ours' | 'astray'; hook: HookFacts; others: number } | undefined

/** What is wrong with a webhook. */
export type HookFault = 'url' | 'inactive' | 'events' | 'form' | 'no-secret' | 'wrong-secret' | 'insecure'

/**
 * The webhook that is ours. One that leads elsewhere is taken for ours only where it reaches nobody, or another path of our
 * host: it may be another installation's. Pure.
 */
export function findHook(hooks: readonly HookFacts[], url: string): FoundHook {
  const ours = hooks.filter((hook) => hook.url === url)
  const exact = ours.length > 0 ? ours : ourHooks(hooks, url)
  const [first] = [...exact].sort((a, b) => Number(b.active) - Number(a.active))
  if (first !== undefined) return { kind: 'ours', hook: first, others: exact.length - 1 }
  const [astray, ...more] = hooks.filter((hook) => isMeantForUs(hook, url))
  return astray !== undefined && more.length === 0 ? { kind: 'astray', hook: astray, others: 0 } : undefined
}

function isMeantForUs({ url, answers }: HookFacts, wanted: string): boolean {
  if (!URL.canParse(url)) return false
  const { host, pathname, hostname } = new URL(url)
  if (host === new URL(wanted).host) return true
  if (pathname.replace(/\/+$/, '') !== webhookPath) return false
  const reachesNobody = answers !== undefined && answers.length > 0 && answers.every((status) => status === 0)
  return isLoopback(hostname) || reachesNobody
}

/** What is wrong with our webhook. Pure. */
export function faultsOf({ kind, hook }: NonNullable<FoundHook>, wanted: WantedHook): HookFault[] {
  const wrongSecret = hook.answers?.[0] === 401
  return [
    ...(kind === 'astray' ? ['url' as const] : []),
    ...(hook.active ? [] : ['inactive' as const]),
    ...(missingEvents(hook, wanted).length > 0 ? ['events' as const] : []),
    ...(hook.contentType === 'json' ? [] : ['form' as const]),
    ...(hook.hasSecret ? (wrongSecret ? ['wrong-secret' as const] : []) : ['no-secret' as const]),
    ...(hook.insecure && hook.url.startsWith('https:') ? ['insecure' as const] : []),
  ]
}

/** The events that a webhook should send and does not. Pure. */
export function missingEvents({ events }: Pick<Hook, 'events'>, { events: wanted }: WantedHook): string[] {
  return events.includes('*') ? [] : wanted.filter((event) => !events.includes(event))
}
