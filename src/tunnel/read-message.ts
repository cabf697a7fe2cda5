import { rawMember } from './raw-member.ts'

/** A delivery as GitHub sent it, as far as the channel kept it so. */
export interface ChannelDelivery {
  headers: Record<string, string>
  body: Buffer
}

/**
 * What is passed on of a delivery's head: what GitHub put there. The channel is open to everyone who knows its address, so that
 * nothing that a proxy would say of who asks, or who is signed in, may come from there.
 */
const passedOn = /^(x-github-[\w-]+|x-hub-signature(-256)?|content-type|user-agent)$/

const form = 'application/x-www-form-urlencoded'

/**
 * The delivery in a message of a channel; undefined if there is none in it. Pure.
 *
 * The signature is over the very bytes that GitHub sent. Servers that keep them say so: `bodyB` is their base64 (gosmee),
 * `rawbody` their text. smee.io itself parses the JSON and writes it anew, which gives the same bytes for what GitHub writes:
 * no blanks, members in their order. That text is taken as it stands, not parsed and written once more. A form is made again from
 * its only field.
 *
 * @see https://github.com/probot/smee.io/issues/78
 * @see https://github.com/chmouel/gosmee
 */
export function readMessage(data: string): ChannelDelivery | undefined {
  const message = parseObject(data)
  if (message === undefined) return undefined
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message)) {
    if (passedOn.test(name.toLowerCase()) && typeof value === 'string') headers[name.toLowerCase()] = value
  }
  const body = bodyOf(data, message, headers['content-type'] ?? '')
  if (body === undefined || headers['x-github-event'] === undefined) return undefined
  return { headers: { 'content-type': 'application/json', ...headers }, body }
}

function bodyOf(data: string, message: Record<string, unknown>, contentType: string): Buffer | undefined {
  const { bodyB, rawbody, body } = message
  if (typeof bodyB === 'string') return Buffer.from(bodyB, 'base64')
  if (typeof rawbody === 'string') return Buffer.from(rawbody)
  if (contentType.toLowerCase().startsWith(form)) {
    const payload = isObject(body) ? body.payload : undefined
    return typeof payload === 'string' ? Buffer.from(new URLSearchParams({ payload }).toString()) : undefined
  }
  const text = isObject(body) ? rawMember(data, 'body') : undefined
  return text === undefined ? undefined : Buffer.from(text)
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
