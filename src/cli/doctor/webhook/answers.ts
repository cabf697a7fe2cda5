import type { DeliveryAttempt } from '../../../github/hooks.ts'
import type { Finding } from '../finding.ts'

/** What an answer to a delivery, or that there was none, means, and what to do. */
const meanings: Record<number, [meaning: string, todo: string]> = {
  400: ['the receiver could not read it', 'Look at the delivery on GitHub: its answer says what is missing.'],
  401: [
    'the signature was wrong or missing',
    'Give the webhook the secret in GITHUB_WEBHOOK_SECRET of the server, or the other way round.',
  ],
  403: [
    'something in front of the receiver forbids it',
    'Let GitHub through: a firewall or a proxy refuses it.',
  ],
  404: [
    'there is nothing at that address',
    'The address must end in /event_handler, and a proxy must pass it on.',
  ],
  413: [
    'it was too large',
    'A proxy allows less than 25 MiB: raise its limit (nginx: client_max_body_size 25m).',
  ],
  429: [
    'there were too many at once',
    'Something in front of the receiver limits how often it may be asked.',
  ],
  502: ['the proxy in front found no receiver', 'Start the server, or mend where the proxy looks for it.'],
  503: [
    'Redis could not be reached',
    'See what is said of Redis; what was missed is then sent again by itself.',
  ],
  504: ['the receiver did not answer the proxy in time', 'See what keeps the server or its Redis busy.'],
}

/** What GitHub says where no answer came. */
const silences: [said: RegExp, meaning: string, todo: string][] = [
  [/timed? ?out/i, 'no answer came in time', 'A firewall drops it, or the server is overloaded.'],
  [
    /certificate|ssl|tls/i,
    'the certificate is not trusted',
    'Give PUBLIC_URL a certificate that GitHub trusts, with all that is between it and the root.',
  ],
  [
    /host|connect|dns|resolve/i,
    'GitHub could not connect',
    'The address must be reachable from the internet (or use a tunnel: docs/tunnel.md), and the server must run.',
  ],
]

/** How the last deliveries of a webhook went. Pure. */
export function answersFinding(of: string, recent: readonly DeliveryAttempt[]): Finding {
  const attempts = recent.filter((attempt) => !isEarlyPing(attempt))
  const [last] = attempts
  if (last === undefined) {
    return { level: 'ok', of, text: 'none so far that GitHub still knows of' }
  }
  const failed = attempts.filter(({ statusCode }) => !isGood(statusCode))
  if (failed.length === 0) return { level: 'ok', of, text: `the last ${attempts.length} arrived` }
  const [worst = last] = failed
  const { meaning, todo } = meaningOf(worst)
  const text = `${failed.length} of the last ${attempts.length} did not arrive: ${meaning} (${worst.event}, ${wordsOf(worst)})`
  // That the newest arrived means that it was mended since.
  if (isGood(last.statusCode)) return { level: 'warn', of, text: `${text}; the newest did`, todo }
  return { level: 'fail', of, text, todo }
}

/** GitHub pings a webhook when it is made: if nobody was there yet, nothing was lost. */
function isEarlyPing({ event, statusCode }: DeliveryAttempt): boolean {
  return event === 'ping' && (statusCode === 0 || statusCode >= 500)
}

/** What one failed attempt means. Pure. */
export function meaningOf({ statusCode, status }: Pick<DeliveryAttempt, 'statusCode' | 'status'>): {
  meaning: string
  todo: string
} {
  const [meaning, todo] = meanings[statusCode] ?? silenceOf(status) ?? unknown(statusCode)
  return { meaning, todo }
}

function silenceOf(status: string): [string, string] | undefined {
  const found = silences.find(([said]) => said.test(status))
  return found === undefined ? undefined : [found[1], found[2]]
}

function unknown(statusCode: number): [string, string] {
  const todo = 'Look at the delivery on GitHub: Settings > Webhooks > Recent Deliveries.'
  if (statusCode >= 500) return ['the receiver, or what is in front of it, failed', todo]
  return ['it was not taken', todo]
}

function wordsOf({ status, statusCode }: DeliveryAttempt): string {
  return statusCode === 0 ? status : String(statusCode)
}

function isGood(statusCode: number): boolean {
  return statusCode >= 200 && statusCode < 300
}
