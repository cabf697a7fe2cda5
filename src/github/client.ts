import { RequestError } from '@octokit/request-error'
import { Agent } from 'undici'
import { RetryLater } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { ObserveGitHub } from '../metrics/github-metrics.ts'
import { version } from '../version.ts'
import { Overdue, within } from '../within.ts'
import { GitHubUnavailable, readFailure } from './failure.ts'
import { Octokit } from './octokit.ts'
import type { Pause } from './pause.ts'
import { createPlainFetch } from './plain-fetch.ts'

/** GitHub's REST API, with the failures of ./failure.ts. */
export type GitHub = Octokit

export interface GitHubOptions {
  token: string
  apiUrl: string
  log: Logger
  /** The fleet's agreement to leave GitHub alone for a while. */
  pause: Pause
  /** Is told of each call. */
  observe?: ObserveGitHub | undefined
}

type Headers = Parameters<ObserveGitHub>[0]['headers']

/** @see https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const apiVersion = '2022-11-28'

/** A worker that is cut off Redis must not come late with what it wanted to write: another may have done it by then. */
const pauseLimitMs = 1000

/**
 * One client for the process, with one pool of kept-alive connections. It tries nothing twice: whoever calls
 * knows whether the call may be repeated.
 */
export function createGitHub({ token, apiUrl, log, pause, observe }: GitHubOptions): GitHub {
  const dispatcher = new Agent({
    keepAliveTimeout: 60_000,
    connections: 20,
    connect: { timeout: 10_000 },
    headersTimeout: 30_000,
    bodyTimeout: 30_000,
  })
  const github = new Octokit({
    auth: token,
    baseUrl: apiUrl,
    userAgent: `livraison/${version}`,
    request: { fetch: createPlainFetch(dispatcher), parseSuccessResponseBody: false },
    log: { debug() {}, info() {}, warn: (message: string) => log.warn(message), error() {} },
  })

  github.hook.wrap('request', async (request, options) => {
    const { method, url } = github.request.endpoint.parse(options)
    const what = `${method} ${url.replace(apiUrl, '')}`
    const route = options.url
    await checkPause(pause)
    const startedAt = Date.now()
    const tell = (status: number | undefined, headers: Headers = {}) =>
      observe?.({ method, route, status, tookMs: Date.now() - startedAt, headers })
    try {
      options.headers['x-github-api-version'] = apiVersion
      const response = await request(options)
      tell(response.status, response.headers)
      log.debug({ method, url, status: response.status, ms: Date.now() - startedAt }, 'asked GitHub')
      // What is no JSON is not GitHub's, or not all of it.
      if (response.status !== 204 && typeof response.data === 'string') {
        throw new GitHubUnavailable('unreachable', `GitHub's answer to ${what} was cut short.`)
      }
      return response
    } catch (error) {
      if (error instanceof RequestError) tell(error.response?.status, error.response?.headers)
      const failure = readFailure(error, what, Date.now())
      log.debug({ method, url, ms: Date.now() - startedAt, reason: failure.message }, 'GitHub did not do it')
      if (failure instanceof GitHubUnavailable) await pause.begin(failure)
      throw failure
    }
  })
  return github
}

/** @throws {RetryLater} while GitHub is left alone, and when Redis does not say soon whether it is */
async function checkPause(pause: Pause): Promise<void> {
  const late = 'Redis does not say whether GitHub may be asked now.'
  const startedAt = performance.now()
  try {
    await within(pauseLimitMs, pause.check(), late)
  } catch (error) {
    throw error instanceof Overdue ? new RetryLater(error.message, { cause: error }) : error
  }
  // By the clock: in a process that was paused meanwhile, the answer is read before the timer strikes.
  if (performance.now() - startedAt > pauseLimitMs) throw new RetryLater(late)
}
