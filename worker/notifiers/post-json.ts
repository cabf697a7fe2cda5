import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { readRetryAfter } from '../executors/request/call.ts'
import { unreachable } from './unreachable.ts'

/** What a channel answered. */
export interface ChannelAnswer {
  status: number
  retryAfterMs: number | undefined
  /** The beginning of its body, as far as it came. */
  text: string
}

const timeoutMs = 15_000
const mostCharacters = 64 * 1024
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
    const answer = await request(url, { method: 'POST', headers, body, signal: both })
    const retryAfterMs = readRetryAfter(answer.headers['retry-after'], Date.now())
    return { status: answer.statusCode, retryAfterMs, text: await readBeginning(answer.body) }
  } catch (error) {
    throw unreachable(channel, error)
  }
}

/** What came of a body that broke off, or does not end, is what there is. */
async function readBeginning(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  const done = new AbortController()
  const read = async (): Promise<void> => {
    for await (const chunk of body) {
      if (done.signal.aborted) break
      if (chunks.push(chunk) * 1024 > mostCharacters * 64 || lengthOf(chunks) > mostCharacters) break
    }
  }
  await Promise.race([read().catch(() => {}), sleep(bodyTimeoutMs, undefined, { ref: false })])
  done.abort()
  return Buffer.concat(chunks).toString('utf8').slice(0, mostCharacters)
}

function lengthOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}
