import { type Dispatcher, request } from 'undici'

/** What is asked of a server. */
export interface Call {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

/** What it answered. */
export interface Answer {
  status: number
  /** How long it wants to be left alone, if it says so. */
  retryAfterMs: number | undefined
  /** The beginning of the body, which is all of it unless `isCut`. */
  text: string
  isCut: boolean
}

/** Connections and the end of all patience. */
export interface Line {
  dispatcher: Dispatcher
  signal: AbortSignal
}

const keptBytes = 1024 * 1024

/** Makes a call, once. It follows no redirects: they could lead anywhere, with our headers. */
export async function makeCall({ body, ...call }: Call, { dispatcher, signal }: Line): Promise<Answer> {
  const { statusCode, headers, ...answer } = await request(call.url, {
    method: call.method as Dispatcher.HttpMethod,
    headers: call.headers,
    ...(body === undefined ? {} : { body }),
    dispatcher,
    signal,
  })
  const { text, isCut } = await readBeginning(answer.body)
  return { status: statusCode, retryAfterMs: readRetryAfter(headers['retry-after'], Date.now()), text, isCut }
}

async function readBeginning(body: AsyncIterable<Buffer>): Promise<{ text: string; isCut: boolean }> {
  const chunks: Buffer[] = []
  let bytes = 0
  // To leave the loop early closes the connection.
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > keptBytes) break
  }
  return { text: Buffer.concat(chunks).subarray(0, keptBytes).toString('utf8'), isCut: bytes > keptBytes }
}

const dayMs = 24 * 3_600_000

/** The milliseconds of a `Retry-After`, which is in seconds or a date; a day at the most. Pure. */
export function readRetryAfter(header: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof header !== 'string') return undefined
  const text = header.trim()
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), dayMs)
}
