import type { Readable } from 'node:stream'
import { request } from 'undici'
import { readRetryAfter } from '../executors/request/call.ts'
import { openConnections } from '../outgoing/connect.ts'
import { unreachable } from './unreachable.ts'

/** What a channel answered. */
export interface ChannelAnswer {
  status: number
  retryAfterMs: number | undefined
  /** The beginning of its body, as far as it came. */
  text: string
}

/** The operator names the addresses, which may be of their own network. */
const dispatcher = openConnections(true)

const timeoutMs = 15_000
const mostBytes = 64 * 1024
const bodyTimeoutMs = 3000

/**
 * Posts JSON, once, without following redirects. The answer counts from its status on: whatever becomes of its body, it was given.
 *
 * @throws {ChannelTrouble} if there was no answer; it does not tell the address
 */
export async function postJson(
  channel: string,
  url: string,
  body: string,
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  try {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'livraison' }
    const answer = await request(url, { method: 'POST', headers, body, signal: both, dispatcher })
    const retryAfterMs = readRetryAfter(answer.headers['retry-after'], Date.now())
    return { status: answer.statusCode, retryAfterMs, text: await readBeginning(answer.body) }
  } catch (error) {
    throw unreachable(channel, error)
  }
}

/** What came of a body that broke off, or does not end, is what there is. */
async function readBeginning(body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  const limit = setTimeout(() => body.destroy(), bodyTimeoutMs)
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      if (chunks.reduce((sum, { length }) => sum + length, 0) > mostBytes) break
    }
  } catch {
    // The status says what there is to know.
  } finally {
    clearTimeout(limit)
    body.destroy()
  }
  return Buffer.concat(chunks).toString('utf8')
}
