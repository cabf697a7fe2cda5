import { RequestError } from '@octokit/request-error'
import { Agent } from 'undici'
import { RetryLater } from '../errors/errors.ts'
import type { Logger } from '../log/log.ts'
import type { ObserveGitHub } from '../metrics/github-metrics.ts'
import { traceGitHub } from '../tracing/github.ts'
import { noTracing, type Tracing } from '../tracing/tracing.ts'
import { version } from '../version.ts'
import { Overdue, within } from '../within.ts'
import { createVersioning } from './api-version.ts'
import type { Auth, Call, RefusedAnswer, Signed } from './auth.ts'
import { GitHubRefusal, GitHubUnavailable, readFailure } from './failure.ts'
import { Octokit } from './octokit.ts'
import type { Pause } from './pause.ts'
import { toRoute } from './route.ts'
import { createSend } from './send.ts'
import { trusting } from './trust.ts'
import { watchHost } from './watch-host.ts'

/** GitHub's REST API, with the failures of ./failure.ts. */
export type GitHub = Octokit

export interface GitHubOptions {
  /** Whose tokens sign the calls. */
  auth: Auth
  apiUrl: string
  log: Logger
  /** The fleet's agreement to leave GitHub alone for a while. */
  pause: Pause
  /** Is told of each call. */
  observe?: ObserveGitHub | undefined
  /** Is told of each call that is part of a trace. */
  tracing?: Tracing | undefined
  /** The certificates (PEM) of authorities that are trusted beside the usual ones. */
  ca?: string | undefined
}

type Headers = Parameters<ObserveGitHub>[0]['headers']

/** Enterprise Server takes up to 30 s to answer; a little more is left for the way. */
const answerLimitMs = 40_000

/** A worker that is cut off Redis must not come late with what it wanted to write: another may have done it by then. */
const pauseLimitMs = 1000

/**
 * One client for the process, with one pool of kept-alive connections. It tries nothing twice: whoever calls
 * knows whether the call may be repeated.
 */
export function createGitHub(options: GitHubOptions): GitHub {
  const { auth, apiUrl, log, pause, observe, ca, tracing = noTracing } = options
  const dispatcher = new Agent({
    keepAliveTimeout: 60_000,
    connections: 20,
    connect: { timeout: 10_000, ...trusting(ca) },
    headersTimeout: answerLimitMs,
    bodyTimeout: answerLimitMs,
  })
  const github = new Octokit({
    baseUrl: apiUrl,
    userAgent: `livraison/${version}`,
    log: { debug() {}, info() {}, warn: (message: string) => log.warn(message), error() {} },
  })

  const versioned = createVersioning(log)
  const host = watchHost(log)

  const send = createSend(dispatcher)
  const traced = traceGitHub(tracing, apiUrl)

  /** A signature that GitHub does not take any more is made anew, once: what it refused, it has not done. */
  const ask = async <T>(call: Call, signed: Signed, attempt: (signed: Signed) => Promise<T>): Promise<T> => {
    try {
      return await attempt(signed)
    } catch (error) {
      if (!(error instanceof RequestError) || error.response === undefined) throw error
      const refused = answerOf(error)
      const again = await auth.signAgain(call, signed, refused)
      if (again === undefined) auth.explain(call, signed, refused)
      if (again === undefined) throw error
      return attempt(again).catch((second: unknown) => {
        if (second instanceof RequestError && second.response) auth.explain(call, again, answerOf(second))
        throw second
      })
    }
  }

  github.hook.wrap('request', async (_request, options) => {
    const prepared = github.request.endpoint.parse(options)
    const { method, url } = prepared
    const what = `${method} ${url.replace(apiUrl, '')}`
    const route = toRoute(options.url)
    const call: Call = { what, path: pathOf(url, apiUrl), about: options.request.about }
    const signed = await auth.sign(call)
    await checkPause(pause, signed.account)
    const startedAt = Date.now()
    const tell = (status: number | undefined, headers: Headers = {}) =>
      observe?.({ method, route, status, tookMs: Date.now() - startedAt, account: signed.account, headers })
    try {
      const response = await ask(call, signed, async ({ token }) => {
        prepared.headers.authorization = `Bearer ${token}`
        return versioned(prepared, () => traced(method, route, () => send(prepared)))
      })
      auth.learn(call, response.headers.link)
      tell(response.status, response.headers)
      host.see(route, response.headers)
      log.debug({ method, url, status: response.status, ms: Date.now() - startedAt }, 'asked GitHub')
      // What is no JSON is not GitHub's, or not all of it.
      if (response.status !== 204 && typeof response.data === 'string') {
        throw new GitHubUnavailable('unreachable', `GitHub's answer to ${what} was cut short.`)
      }
      return response
    } catch (error) {
      if (error instanceof RequestError) tell(error.response?.status, error.response?.headers)
      const failure = readFailure(error, what, Date.now(), auth.advice)
      log.debug({ method, url, ms: Date.now() - startedAt, reason: failure.message }, 'GitHub did not do it')
      if (failure instanceof GitHubUnavailable) await pause.begin(failure, signed.account)
      const { status = 0, headers = {} } = error instanceof RequestError ? (error.response ?? {}) : {}
      const missing = failure instanceof GitHubRefusal ? host.missing(route, status, headers) : undefined
      throw missing === undefined ? failure : new GitHubRefusal(status, failure.message, missing)
    }
  })
  return github
}

function answerOf({ status, message, response }: RequestError): RefusedAnswer {
  return { status, message, headers: response?.headers ?? {} }
}

/** What the next page of a list is asked by is a whole address. */
function pathOf(url: string, apiUrl: string): string {
  const path = url.startsWith(apiUrl) ? url.slice(apiUrl.length) : url
  return path.split('?', 1)[0] ?? path
}

/** @throws {RetryLater} while GitHub is left alone, and when Redis does not say soon whether it is */
async function checkPause(pause: Pause, account: string | undefined): Promise<void> {
  const late = 'Redis does not say whether GitHub may be asked now.'
  const startedAt = performance.now()
  try {
    await within(pauseLimitMs, pause.check(account), late)
  } catch (error) {
    throw error instanceof Overdue ? new RetryLater(error.message, { cause: error }) : error
  }
  // By the clock: in a process that was paused meanwhile, the answer is read before the timer strikes.
  if (performance.now() - startedAt > pauseLimitMs) throw new RetryLater(late)
}
