import { type Dispatcher, request } from 'undici'
import type { ChannelTarget } from '../../src/config/rules.ts'
import type { Line, Message, Span } from '../../src/notices/message.ts'
import { signatureOf } from '../../src/signature-of.ts'
import { version } from '../../src/version.ts'
import { readRetryAfter } from '../executors/request/call.ts'
import { AddressRefused, openConnections } from '../outgoing/connect.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools, type Telling } from './notifier.ts'
import { unreachable } from './unreachable.ts'

type WebhookTarget = Extract<ChannelTarget, { kind: 'webhook' }>

/** What it does not take, it will take no better a second time. */
const refusals = [400, 413, 422]

const mostRead = 64 * 1024

/** Posts a notice as JSON (docs/notices.md has its form), signed with the secret. The same notice has the same id each time. */
export function createWebhookNotifier(target: WebhookTarget, _tools: NotifierTools): Notifier {
  const dispatcher = openConnections(target.allowPrivate)
  return async (telling) => {
    const body = JSON.stringify(bodyOf(telling))
    const headers = headersOf(telling, body, target.secret)
    const options = { method: 'POST', headers, body, dispatcher, signal: telling.signal } as const
    const answer = await request(target.url, options).catch((error: unknown) => {
      throw troubleOf(error)
    })
    // The status is all that counts: that the rest of the answer is cut off undoes nothing.
    void answer.body.dump({ limit: mostRead, signal: telling.signal }).catch(() => {})
    judge(answer)
  }
}

/** What is posted. Fields are added, never taken away or given another meaning. */
export function bodyOf({ notice, message }: Pick<Telling, 'notice' | 'message'>): Record<string, unknown> {
  const { repository, at, ...facts } = notice
  return {
    ...facts,
    repository: `${repository.owner}/${repository.name}`,
    repositoryId: repository.id,
    at: new Date(at).toISOString(),
    text: plainText(message),
    title: plainLine(message.title),
    lines: message.lines.map(plainLine),
  }
}

function plainText({ title, lines }: Message): string {
  return [title, ...lines].map(plainLine).join('\n')
}

function plainLine(line: Line): string {
  return line.map(plainSpan).join('')
}

function plainSpan(span: Span): string {
  if (span.kind === 'person') return span.login
  if (span.kind === 'text' || span.text === span.url) return span.text
  return `${span.text} (${span.url})`
}

function headersOf({ notice, uncertain }: Telling, body: string, secret: string | undefined) {
  const timestamp = String(Math.floor(Date.now() / 1000))
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': `Livraison/${version}`,
    'x-livraison-notice': notice.id,
    'x-livraison-timestamp': timestamp,
    ...(uncertain ? { 'x-livraison-repeated': 'maybe' } : {}),
    ...(secret === undefined ? {} : { 'x-livraison-signature-256': signatureOf(secret, timestamp, body) }),
  }
}

/** The message of {@link AddressRefused} names the address, which people are not told. */
function troubleOf(error: unknown): ChannelTrouble {
  if (!(error instanceof AddressRefused)) return unreachable('it', error)
  return new ChannelTrouble(`its address ${error.why}`, { isCertain: true, cause: error })
}

/** @throws {ChannelTrouble} or {NoticeRefused}, unless it was taken */
function judge({ statusCode, headers }: Dispatcher.ResponseData): void {
  if (statusCode >= 200 && statusCode < 300) return
  if (refusals.includes(statusCode)) throw new NoticeRefused(`it answered ${statusCode}`)
  const isRedirect = statusCode >= 300 && statusCode < 400
  const advice = isRedirect ? ': redirects are not followed, name the address itself' : ''
  throw new ChannelTrouble(`it answered ${statusCode}${advice}`, {
    retryAfterMs: readRetryAfter(headers['retry-after'], Date.now()),
    // A server that answers 500 or 502 may have taken it before it broke.
    isCertain: statusCode < 500 || statusCode === 503,
  })
}
