import type { HeldBack } from '../deployments/held.ts'

/**
 * GitHub fails a job that waits for longer: what happens then is to be our decision, in our words.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
 */
const limitMs = 30 * 24 * 3_600_000 - 3_600_000

/** Ends a deployment of GitHub Actions that is held back when GitHub is about to wait no longer. Pure. */
export function githubLimit(acceptedAt: number, nowMs: number): HeldBack[] {
  const at = acceptedAt + limitMs
  if (nowMs < at) return []
  const reason = 'Given up: GitHub waits for 30 days at most.'
  return [{ hold: 'github', reason, limit: { at, reason } }]
}
