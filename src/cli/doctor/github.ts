import { messageOf } from '../../errors.ts'
import type { Finding } from './finding.ts'

const limitMs = 10_000
const of = 'GitHub'

/** Whether GitHub takes the token, and how many calls are left: asking that costs none. */
export async function examineGithub(apiUrl: string, token: string): Promise<Finding> {
  let answer: Response
  try {
    answer = await fetch(`${apiUrl}/rate_limit`, {
      headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
      signal: AbortSignal.timeout(limitMs),
    })
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    const text = `${apiUrl} cannot be reached: ${messageOf(cause)}`
    return { level: 'fail', of, text, todo: 'Look at GITHUB_API_URL and at the way out of this machine.' }
  }
  return githubFinding(answer.status, answer.headers)
}

/** What GitHub's answer means. Pure. */
export function githubFinding(status: number, headers: Headers): Finding {
  if (status === 401) {
    const todo = 'Make a new token, and put it into GITHUB_TOKEN.'
    return { level: 'fail', of, text: 'the token in GITHUB_TOKEN is refused', todo }
  }
  // GitHub Enterprise Server answers 404 where its rate limit is switched off:
  // https://docs.github.com/en/enterprise-server/rest/rate-limit/rate-limit
  if (status === 404) return { level: 'ok', of, text: 'the token is taken; there is no rate limit' }
  const left = headers.get('x-ratelimit-remaining')
  const limit = headers.get('x-ratelimit-limit')
  if (status !== 200) {
    return {
      level: 'fail',
      of,
      text: `it answered ${status}`,
      todo: 'Try again later; githubstatus.com may say more.',
    }
  }
  const text = `the token is taken; ${left ?? '?'} of ${limit ?? '?'} calls are left`
  if (left === null || limit === null || Number(left) > Number(limit) / 10) return { level: 'ok', of, text }
  return { level: 'warn', of, text, todo: 'Find what else uses this token, or wait until the hour is over.' }
}
