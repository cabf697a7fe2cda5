import type { Finding } from '../finding.ts'
import {
  type FoundHook,
  type HookFault,
  type HookSecret,
  missingEvents,
  type WantedHook,
} from './judge-hooks.ts'

/** How our webhook is, in words. Pure. */
export function hookText(
  { hook, others }: NonNullable<FoundHook>,
  faults: HookFault[],
  wanted: WantedHook,
): string {
  const words: Record<HookFault, string> = {
    url: `it leads to ${hook.url}, not to ${wanted.url}`,
    inactive: 'it is switched off',
    events: `it does not send ${missingEvents(hook, wanted).join(', ')}`,
    form: wanted.jsonOnly
      ? 'it sends forms, which the tunnel cannot carry'
      : 'it sends forms, which take the receiver longer than JSON',
    'no-secret': 'it has no secret',
    'wrong-secret': 'its secret is not the one in GITHUB_WEBHOOK_SECRET',
    insecure: 'GitHub does not look at the certificate of the receiver',
  }
  if (faults.length > 0) return faults.map((fault) => words[fault]).join('; ')
  const more = others === 0 ? '' : `; ${others} more lead there, which does no harm`
  return `it sends all that is needed to ${hook.url}${more}`
}

/** What to do about it. Pure. */
export function hookTodo(faults: HookFault[], { isProven }: HookSecret): string {
  const advice: Record<HookFault, string> = {
    url: 'Change its Payload URL.',
    inactive: 'Tick Active.',
    events: 'Tick these events.',
    form: 'Set its content type to application/json.',
    'no-secret': 'Give it the secret in GITHUB_WEBHOOK_SECRET: nothing is taken unsigned.',
    'wrong-secret': 'Give it the secret in GITHUB_WEBHOOK_SECRET.',
    insecure: 'Tick Enable SSL verification, once the receiver has a certificate that GitHub trusts.',
  }
  const where = 'On GitHub, Settings > Webhooks:'
  const ofSecret = faults.includes('no-secret') || faults.includes('wrong-secret')
  const unproven =
    ofSecret && !isProven
      ? ' (--fix gives it only a secret that the running receiver has taken from here.)'
      : ''
  return `${where} ${faults.map((fault) => advice[fault]).join(' ')}${unproven}`
}

/** How bad that is. Pure. */
export function levelOf(faults: HookFault[], { jsonOnly }: WantedHook): Finding['level'] {
  const harmless: HookFault[] = jsonOnly ? ['insecure'] : ['insecure', 'form']
  return faults.every((fault) => harmless.includes(fault)) ? 'warn' : 'fail'
}
