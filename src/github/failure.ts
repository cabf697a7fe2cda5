import { RequestError } from '@octokit/request-error'
import { GiveUp, messageOf, RetryLater } from '../errors/errors.ts'

/** Why GitHub did not do what was asked, when asking again later may help. */
export type PassingReason = 'unreachable' | 'server-error' | 'rate-limited' | 'unauthorized'

/** GitHub could not be asked, or not now. It may have done what was asked all the same. */
export class GitHubUnavailable extends RetryLater {
  override name = 'GitHubUnavailable'
  readonly reason: PassingReason

  constructor(
    reason: PassingReason,
    message: string,
    options: { retryAfterMs?: number; cause?: unknown } = {},
  ) {
    super(message, options)
    this.reason = reason
  }
}

/** GitHub refused, and will again. */
export class GitHubRefusal extends GiveUp {
  override name = 'GitHubRefusal'
  readonly status: number
  /** What this GitHub, an older Enterprise Server, does not have (enterprise.ts): that is why. */
  readonly missing: string | undefined

  constructor(status: number, message: string, missing?: string) {
    super(message)
    this.status = status
    this.missing = missing
  }
}

/** GitHub asks for at least a minute where it does not say how long; a revoked token is tried as seldom. */
const minuteMs = 60_000

/**
 * What a failed request means, for whoever made it: come back, or never.
 *
 * @param what the request in words, such as `POST /repos/acme/shop/deployments`
 * @param advice what to look at if GitHub does not know us
 * @see https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function readFailure(
  error: unknown,
  what: string,
  nowMs: number,
  advice = 'Is what it is asked with still valid?',
): GitHubUnavailable | GitHubRefusal {
  if (error instanceof GitHubUnavailable || error instanceof GitHubRefusal) return error
  if (!(error instanceof RequestError) || error.response === undefined) {
    const message = `GitHub could not be reached for ${what}: ${messageOf(error)}`
    return new GitHubUnavailable('unreachable', message, { cause: error })
  }
  const { status, response } = error
  const message = `GitHub answered ${status} to ${what}: ${error.message}`
  const limitedForMs = readLimit(status, response.headers, error.message, nowMs)
  if (limitedForMs !== undefined) {
    return new GitHubUnavailable('rate-limited', message, { retryAfterMs: limitedForMs })
  }
  if (status >= 500) return new GitHubUnavailable('server-error', message)
  if (status === 401) {
    return new GitHubUnavailable('unauthorized', `${message}. ${advice}`, { retryAfterMs: minuteMs })
  }
  return new GitHubRefusal(status, message)
}

type Headers = Record<string, string | number | undefined>

/** For how many milliseconds GitHub wants to hear nothing; undefined if this answer is no limit. */
function readLimit(status: number, headers: Headers, message: string, nowMs: number): number | undefined {
  if (status !== 403 && status !== 429) return undefined
  const retryAfter = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(retryAfter)) return retryAfter * 1000
  if (String(headers['x-ratelimit-remaining']) === '0') {
    const resetMs = Number(headers['x-ratelimit-reset']) * 1000
    return Number.isFinite(resetMs) ? Math.max(resetMs - nowMs, 1000) : minuteMs
  }
  return status === 429 || /rate limit/i.test(message) ? minuteMs : undefined
}
