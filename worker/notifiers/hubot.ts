import { request } from 'undici'
import { matchGlobs } from '../../src/config/match-globs.ts'
import type { ChannelTarget } from '../../src/config/rules.ts'
import type { Notice } from '../../src/notices/notice.ts'
import { signatureOf } from '../../src/signature-of.ts'
import { readRetryAfter } from '../executors/request/call.ts'
import { openConnections } from '../outgoing/connect.ts'
import { fitMessage } from './fit.ts'
import { hubotText } from './hubot-text.ts'
import { ChannelTrouble, NoticeRefused, type Notifier, type NotifierTools } from './notifier.ts'
import { unreachable } from './unreachable.ts'

type HubotTarget = Extract<ChannelTarget, { kind: 'hubot' }>

/** Hubot reads application/json before any script can, and the bytes are what is signed: integrations/hubot/src/notices.js. */
const noticeType = 'application/vnd.livraison.notice+json'
/** As long as a message in most chats may be. */
const mostCharacters = 4000
const answerMs = 20_000

/** Hubot is most often on the operator's own network. */
const dispatcher = openConnections(true)

/** Has Hubot say a notice in a room, signed. Hubot says what has the same id once. */
export function createHubotNotifier(target: HubotTarget, { people }: NotifierTools): Notifier {
  const { address, authorization } = addressOf(target.url)
  // While one is rotated there are several, as in HUBOT_SECRET: none has a comma in it.
  const [secret = ''] = target.secret.split(',').map((each) => each.trim())
  return async ({ notice, message, signal }) => {
    const write = (shorter: typeof message) => hubotText(shorter, people())
    const text = fitMessage(message, write, (written) => written.length <= mostCharacters)
    const body = JSON.stringify({ id: notice.id, room: roomOf(notice, target), text })
    const timestamp = String(Math.floor(Date.now() / 1000))
    const headers = {
      'content-type': noticeType,
      'x-livraison-timestamp': timestamp,
      'x-livraison-signature-256': signatureOf(secret, timestamp, body),
      ...(authorization === undefined ? {} : { authorization }),
    }
    const limited = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
    try {
      const answer = await request(address, { method: 'POST', headers, body, signal: limited, dispatcher })
      void answer.body.dump({ limit: 64 * 1024, signal: limited }).catch(() => {})
      const isOfScript = String(answer.headers['content-type']).startsWith('application/json')
      const retryAfterMs = readRetryAfter(answer.headers['retry-after'], Date.now())
      judge(answer.statusCode, isOfScript, retryAfterMs)
    } catch (error) {
      if (error instanceof NoticeRefused) throw error
      throw unreachable('Hubot', error)
    }
  }
}

/** Below the address that was named; a user and password in it, as EXPRESS_USER of Hubot wants them, go into a header. */
function addressOf(url: string): { address: string; authorization: string | undefined } {
  const address = new URL(url)
  const [user, password] = [address.username, address.password].map(decodeURIComponent)
  address.username = ''
  address.password = ''
  address.pathname = `${address.pathname.replace(/\/+$/, '')}/livraison/notices`
  const basic = Buffer.from(`${user}:${password}`).toString('base64')
  return { address: address.href, authorization: user === '' ? undefined : `Basic ${basic}` }
}

/** Where it was asked for, if that is a room that the operator named: whoever may create deployments may name any. Pure. */
export function roomOf({ askedIn }: Pick<Notice, 'askedIn'>, { room, rooms }: HubotTarget): string {
  const asked = askedIn?.room
  if (asked === undefined || rooms.length === 0) return room
  const isNamed = matchGlobs(rooms.map(bare))
  return isNamed(bare(asked)) ? asked : room
}

/** Some chats have a # before a room's name. */
function bare(room: string): string {
  return room.replace(/^(!?)#/, '$1')
}

/** @throws {ChannelTrouble} or {NoticeRefused}, unless Hubot has said it */
function judge(status: number, isOfScript: boolean, retryAfterMs: number | undefined): void {
  if (status >= 200 && status < 300) return
  // Hubot listens before it has loaded its scripts.
  if (status === 404 && !isOfScript) {
    throw trouble('Hubot answered 404: it has not, or not yet, the script in integrations/hubot/')
  }
  switch (status) {
    case 400:
    case 413:
      throw new NoticeRefused(`Hubot does not take this notice (${status})`)
    case 404:
      throw new NoticeRefused('Hubot may not speak in that room: it is not among its HUBOT_LIVRAISON_ROOMS')
    case 401:
    case 403:
      throw trouble(
        `Hubot does not believe us (${status}): the secret of the channel must be Hubot's HUBOT_LIVRAISON_SECRET, the clocks right, and EXPRESS_USER in the address`,
      )
    case 415:
      throw trouble('Hubot does not take our notices: its script is another version than ours')
    default:
      // Of 503 the script says that nothing was said; behind another, somebody may have passed it on.
      throw trouble(`Hubot answered ${status}`, { retryAfterMs, isCertain: status < 500 || status === 503 })
  }
}

function trouble(
  message: string,
  options: { retryAfterMs?: number | undefined; isCertain: boolean } = { isCertain: true },
): ChannelTrouble {
  return new ChannelTrouble(message, options)
}
