import { RequestError } from '@octokit/request-error'
import { type Dispatcher, fetch, request } from 'undici'
import { messageOf } from '../errors/errors.ts'
import type { Octokit } from './octokit.ts'

/** A request as Octokit puts it together. */
export type Prepared = Pick<
  ReturnType<Octokit['request']['endpoint']['parse']>,
  'method' | 'url' | 'headers'
> & { body?: unknown }

/** GitHub's answer as Octokit gives it. */
export type Answer = Awaited<ReturnType<Octokit['request']>>

/**
 * Brings a request to GitHub.
 *
 * @throws {RequestError} if GitHub refuses it, with the answer; without one if it does not come, or is cut short
 */
export type Send = (prepared: Prepared) => Promise<Answer>

/** How GitHub says that a repository has another address now. @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
const redirects = [301, 302, 307, 308]
const bodiless = [204, 205, 304]

/**
 * Sends requests straight on the pool of connections, in the place of Octokit's own sending: that makes the standard fetch's streams
 * and signals, puts the address together once more, and looks in each answer for numbers beyond 2^53, of which GitHub has none.
 */
export function createSend(dispatcher: Dispatcher): Send {
  return async (prepared) => {
    const { url, status, headers, text } = await exchange(dispatcher, prepared).catch((error: unknown) => {
      throw new RequestError(messageOf(error), 500, { request: prepared, cause: error })
    })
    const data = headers['content-type']?.includes('json') ? parsed(text) : text
    const answer: Answer = { url, status, headers, data }
    if (status < 400 && status !== 304) return answer
    throw new RequestError(refusalOf(data), status, { request: prepared, response: answer })
  }
}

interface Exchanged {
  url: string
  status: number
  headers: Record<string, string>
  text: string
}

async function exchange(dispatcher: Dispatcher, prepared: Prepared): Promise<Exchanged> {
  const { url, body } = prepared
  const options = {
    dispatcher,
    method: prepared.method as Dispatcher.HttpMethod,
    headers: Object.fromEntries(
      Object.entries(prepared.headers).map(([name, value]) => [name, String(value)]),
    ),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  }
  const answer = await request(url, options)
  const { statusCode: status } = answer
  if (redirects.includes(status)) {
    await answer.body.dump()
    const moved = await fetch(url, options)
    const headers = Object.fromEntries(moved.headers)
    return { url: moved.url, status: moved.status, headers, text: await moved.text() }
  }
  // A connection is free only when somebody has read what came.
  const isBodiless = bodiless.includes(status) || options.method === 'HEAD'
  const text = isBodiless ? '' : await answer.body.text()
  if (isBodiless) await answer.body.dump()
  return { url, status, headers: headersOf(answer.headers), text }
}

/** Undici gives their names in small letters, and one that came several times as a list. */
function headersOf(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** What GitHub says of why it refused. */
function refusalOf(data: unknown): string {
  if (typeof data === 'string') return data
  if (typeof data !== 'object' || data === null || !('message' in data)) return JSON.stringify(data)
  const errors = 'errors' in data && Array.isArray(data.errors) ? data.errors : []
  const details = errors.length > 0 ? `: ${errors.map((error) => JSON.stringify(error)).join(', ')}` : ''
  const more = 'documentation_url' in data ? ` - ${data.documentation_url}` : ''
  return `${data.message}${details}${more}`
}
