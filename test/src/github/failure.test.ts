import { RequestError } from '@octokit/request-error'
import t from 'tap'
import { GitHubRefusal, GitHubUnavailable, readFailure } from '../../../src/github/failure.ts'

const now = 1_800_000_000_000
const what = 'POST /repos/acme/shop/deployments'

function answered(status: number, headers: Record<string, string> = {}, message = 'Something') {
  const request = { method: 'POST' as const, url: 'http://127.0.0.1/', headers: {} }
  const response = { status, headers, url: request.url, data: {} }
  return readFailure(
    new RequestError(message, status, { request, response }),
    what,
    now,
    'Is GITHUB_TOKEN valid?',
  )
}

t.test('what GitHub asks to wait is waited', async (t) => {
  const reset = String(now / 1000 + 90)
  const limits: [string, ReturnType<typeof answered>, number][] = [
    ['403 with retry-after', answered(403, { 'retry-after': '7' }), 7000],
    ['429 with retry-after', answered(429, { 'retry-after': '7' }), 7000],
    [
      '403 at the end of the rate limit',
      answered(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }),
      90_000,
    ],
    ['a reset that is over', answered(403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }), 1000],
    ['429 without a word', answered(429), 60_000],
    [
      'a secondary limit without a header',
      answered(403, {}, 'You have exceeded a secondary rate limit'),
      60_000,
    ],
  ]
  for (const [name, failure, retryAfterMs] of limits) {
    t.ok(failure instanceof GitHubUnavailable, name)
    t.match(failure, { reason: 'rate-limited', retryAfterMs }, name)
  }
})

t.test('what may pass is tried again', async (t) => {
  t.match(answered(502), { name: 'GitHubUnavailable', reason: 'server-error', retryAfterMs: undefined })
  t.match(answered(401), { reason: 'unauthorized', retryAfterMs: 60_000, message: /GITHUB_TOKEN/ })
  const request = { method: 'POST' as const, url: 'http://127.0.0.1/', headers: {} }
  const cut = new RequestError('other side closed', 500, { request })
  t.match(readFailure(cut, what, now), {
    reason: 'unreachable',
    message: /could not be reached for POST .*closed/,
  })
  t.match(readFailure(new TypeError('terminated'), what, now), { reason: 'unreachable' })
})

t.test('what GitHub refuses is final, and said in its words', async (t) => {
  for (const status of [403, 404, 409, 410, 422, 451]) {
    const failure = answered(status, { 'x-ratelimit-remaining': '4000' }, 'No ref found for: x')
    t.ok(failure instanceof GitHubRefusal)
    t.match(failure, { status, message: `GitHub answered ${status} to ${what}: No ref found for: x` })
  }
})
