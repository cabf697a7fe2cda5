import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** A call to GitHub that has an answer, or has none. */
export interface GitHubCall {
  method: string
  /** Its address with names instead of values: `/repos/{owner}/{repo}/deployments`. */
  route: string
  /** The answer's status; undefined: there was none. */
  status: number | undefined
  tookMs: number
  /** Whose limits it counts against, where a process has several: an installation's account. */
  account?: string | undefined
  headers: Record<string, string | number | undefined>
}

export type ObserveGitHub = (call: GitHubCall) => void

/** Counts and times the calls to GitHub, and shows what its answers said of the rate limit. */
export function createGitHubMetrics(registry: Registry): ObserveGitHub {
  const registers = [registry]
  const calls = new Counter({
    name: 'livraison_github_requests_total',
    help: "Calls to GitHub's API, by route and status; the status `none` is no answer.",
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const seconds = new Histogram({
    name: 'livraison_github_request_seconds',
    help: 'How long GitHub took to answer.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const left = new Gauge({
    name: 'livraison_github_rate_limit_remaining',
    help: "What is left of GitHub's rate limit, as its last answer to this process said.",
    labelNames: ['resource', 'account'] as const,
    registers,
  })
  return ({ method, route, status, tookMs, account, headers }) => {
    calls.inc({ method, route, status: status ?? 'none' })
    seconds.observe(tookMs / 1000)
    const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN)
    if (Number.isNaN(remaining)) return
    const resource = String(headers['x-ratelimit-resource'] ?? 'core')
    left.set({ resource, ...(account === undefined ? {} : { account }) }, remaining)
  }
}
