const HOURLY_LIMIT = 15_000

/** The headers of the primary rate limit: counted, never enforced; a fault does that. */
export function rateLimitHeaders(used: number): Record<string, string> {
  return {
    'x-ratelimit-limit': String(HOURLY_LIMIT),
    'x-ratelimit-remaining': String(Math.max(1, HOURLY_LIMIT - used)),
    'x-ratelimit-used': String(Math.min(used, HOURLY_LIMIT - 1)),
    'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
    'x-ratelimit-resource': 'core',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': '2022-11-28',
  }
}
