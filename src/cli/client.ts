import { messageOf } from '../errors/errors.ts'
import { version } from '../version.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { refused } from './refused.ts'

export type Query = Record<string, string | number | undefined>

export interface Asking {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  query?: Query
  /** Sent as JSON. */
  body?: object
  headers?: Record<string, string>
  signal?: AbortSignal
}

/** Livraison's API. What it refuses is thrown as a {@link Stop}. */
export interface Client {
  /** Where Livraison is, without a slash at the end. */
  url: string
  /** Where GitHub's pages are: what a checkout's origin is compared with. */
  githubServerUrl: string
  /** The JSON at a path, which begins after `/api`. */
  ask<T>(path: string, asking?: Asking): Promise<T>
  /** As it comes: for texts and streams. There is no limit of time. */
  open(path: string, asking?: Asking): Promise<Response>
}

const answerLimitMs = 30_000

/** The client for the server and the token that the settings name. @throws {SettingsError} */
export async function connect(): Promise<Client> {
  // Reading settings takes longer than all the rest of `livraison --help`.
  const { readClientSettings } = await import('../settings/client.ts')
  return createClient(readClientSettings())
}

export interface ClientOptions {
  url: string
  token: string | undefined
  githubServerUrl: string
}

export function createClient({ url, token, githubServerUrl }: ClientOptions): Client {
  const open: Client['open'] = async (path, asking = {}) => {
    const answer = await send(`${url}/api${path}${queryOf(asking.query)}`, { ...asking, token }).catch(
      (error) => {
        throw asking.signal?.aborted ? error : unreachable(url, error)
      },
    )
    if (answer.ok) return answer
    throw refused(answer.status, (await readJson<{ message?: string }>(answer))?.message, { url, token })
  }
  return {
    url,
    githubServerUrl,
    open,
    async ask<T>(path: string, { signal, ...asking }: Asking = {}) {
      const limit = AbortSignal.timeout(answerLimitMs)
      const answer = await open(path, {
        ...asking,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      const read = await readJson<T>(answer)
      if (read !== undefined) return read
      throw new Stop(
        exitStatus.unreachable,
        `What answers at ${url} is not Livraison: look at LIVRAISON_URL.`,
      )
    },
  }
}

/** A path of what people named: each part may hold what has a meaning in addresses. */
export function pathOf(...parts: (string | number)[]): string {
  return parts.map((part) => `/${encodeURIComponent(part)}`).join('')
}

/** The path of an `owner/name`, below another. */
export function repositoryPath(below: string, repository: string): string {
  return `${below}${pathOf(...repository.split('/'))}`
}

function send(
  url: string,
  { token, method = 'GET', body, headers, signal }: Asking & { token: string | undefined },
) {
  return fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      'user-agent': `livraison-cli/${version}`,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  })
}

function queryOf(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

async function readJson<T>(answer: Response): Promise<T | undefined> {
  try {
    // What the server gives is described in answers.ts; a test asks the real one.
    return (await answer.json()) as T
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function unreachable(url: string, error: unknown): Stop {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const why = cause instanceof Error && cause.name === 'TimeoutError' ? 'no answer came' : messageOf(cause)
  return new Stop(
    exitStatus.unreachable,
    `Livraison cannot be reached at ${url} (${why}). Does it run there? LIVRAISON_URL says where it is.`,
    { cause: error },
  )
}
