import type { CheckRun } from '../ci/judge.ts'

/**
 * The check runs that a waiting run of GitHub Actions may be asked to wait for: not the jobs of its own run, which wait for it, nor
 * whatever itself waits for a protection rule: two that wait for each other would wait for ever. Pure.
 *
 * @see https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/collaborating-on-repositories-with-code-quality-features/about-status-checks#check-statuses-and-conclusions
 */
export function checksBeside(checkRuns: readonly CheckRun[], suite: number | undefined): CheckRun[] {
  return checkRuns.filter((run) => run.status !== 'waiting' && (suite === undefined || run.suite !== suite))
}
