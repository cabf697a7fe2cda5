import { type Dispatcher, fetch, request } from 'undici'

/** What Octokit gives to its fetch. */
interface FetchOptions {
  method?: string
  headers?: Record<string, string>
  body?: string
  signal?: AbortSignal
}

/** What Octokit reads of an answer. */
interface PlainResponse {
  status: number
  statusText: string
  url: string
  headers: Iterable<[name: string, value: string]> & { get(name: string): string | null }
  /** What is in it: of JSON, the value; else the text. */
  readonly body: unknown
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}

/** How GitHub says that a repository has another address now. @see https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
const redirects = [301, 302, 307, 308]
const bodiless = [204, 205, 304]

/**
 * A fetch for Octokit, straight on the pool of connections. The standard one makes streams, signals and headers that nobody here
 * reads, and they were a third of a worker's whole work. It reads the whole answer, and its JSON (Octokit is to take `body` as it
 * is, by `parseSuccessResponseBody: false`): Octokit's own way looks in each for numbers beyond 2^53, of which GitHub has none.
 *
 * @throws {Error} if the answer does not come, or is cut short
 */
export function createPlainFetch(dispatcher: Dispatcher) {
  return async (url: string, options: FetchOptions): Promise<PlainResponse> => {
    const { method = 'GET', headers, body, signal } = options
    const answer = await request(url, {
      ...{ dispatcher, method: method as Dispatcher.HttpMethod },
      ...(headers === undefined ? {} : { headers }),
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
    const { statusCode: status } = answer
    if (redirects.includes(status)) {
      await answer.body.dump()
      const moved = await fetch(url, { ...options, dispatcher })
      return toResponse(moved, await moved.text())
    }
    // A connection is free only when somebody has read what came.
    const isBodiless = bodiless.includes(status) || method === 'HEAD'
    const text = isBodiless ? '' : await answer.body.text()
    if (isBodiless) await answer.body.dump()
    const { statusText } = answer
    return toResponse({ status, statusText, url, headers: headersOf(answer.headers) }, text)
  }
}

function toResponse(
  { status, statusText, url, headers }: Pick<PlainResponse, 'status' | 'statusText' | 'url' | 'headers'>,
  text: string,
): PlainResponse {
  return {
    ...{ status, statusText, url, headers },
    get body() {
      return headers.get('content-type')?.includes('json') ? parsed(text) : text
    },
    text: async () => text,
    arrayBuffer: async () => new TextEncoder().encode(text).buffer,
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** Undici gives their names in small letters, and one that came several times as a list. */
function headersOf(headers: Dispatcher.ResponseData['headers']): PlainResponse['headers'] {
  const all = new Map(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
  return { [Symbol.iterator]: () => all.entries(), get: (name) => all.get(name.toLowerCase()) ?? null }
}
