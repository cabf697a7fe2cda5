import type { Finding } from '../finding.ts'
import type { Answered, AskedGitHub } from './ask-github.ts'

const of = 'GitHub'

/** Whether GitHub takes the token, and how many calls are left: asking that costs none. */
export async function examineGithub(asked: AskedGitHub, apiUrl: string): Promise<Finding> {
  const answer = await asked.statusOf((github) => github.request('GET /rate_limit'))
  return githubFinding(answer, asked.headers(), apiUrl)
}

type Headers = ReturnType<AskedGitHub['headers']>

/** What GitHub's answer means. Pure. */
export function githubFinding({ status, message }: Answered, headers: Headers, apiUrl: string): Finding {
  if (status === undefined) {
    const todo = `Look at GITHUB_API_URL${certificateAdvice(message)} and at the way out of this machine.`
    return { level: 'fail', of, text: `${apiUrl} cannot be reached: ${message}`, todo }
  }
  if (status === 401) {
    const todo = 'Make a new token, and put it into GITHUB_TOKEN.'
    return { level: 'fail', of, text: 'the token in GITHUB_TOKEN is refused', todo }
  }
  // GitHub Enterprise Server answers 404 where its rate limit is switched off:
  // https://docs.github.com/en/enterprise-server/rest/rate-limit/rate-limit
  if (status === 404) return { level: 'ok', of, text: 'the token is taken; there is no rate limit' }
  const { 'x-ratelimit-remaining': left, 'x-ratelimit-limit': limit } = headers
  if (status !== 200) {
    const todo = 'Try again later; githubstatus.com may say more.'
    return { level: 'fail', of, text: `it answered ${status}`, todo }
  }
  const text = `the token is taken; ${left ?? '?'} of ${limit ?? '?'} calls are left`
  if (left === undefined || limit === undefined || Number(left) > Number(limit) / 10)
    return { level: 'ok', of, text }
  return { level: 'warn', of, text, todo: 'Find what else uses this token, or wait until the hour is over.' }
}

function certificateAdvice(message: string): string {
  return /certificate|self-signed|unable to verify/i.test(message)
    ? ', at GITHUB_CA_FILE (its certificate is of an authority that this machine does not know)'
    : ''
}
