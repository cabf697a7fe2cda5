/* The names of the jobs around a check, made from what they are about. BullMQ takes no `:` in them. */

/**
 * The id of the one job that asks for a check of a pull request's head. A head that comes back, by a push or when the
 * pull request is opened again, is a new wish: `again` is then when that was, in milliseconds since 1970.
 */
export function checkJobId(
  repositoryId: number,
  pullRequest: number,
  sha: string,
  context: string,
  again?: number,
): string {
  const ofHead = `check-${repositoryId}-${pullRequest}-${sha}-${encodeURIComponent(context)}`
  return again === undefined ? ofHead : `${ofHead}-${again}`
}

/** The id of the one job that runs a check for the nth time. */
export function runCheckJobId(check: string, run: number): string {
  return `run-check-${check}-${run}`
}

/** The id of the one job that ends the checks of a pull request that was closed, or whose head was `pushed`. */
export function cancelChecksJobId(
  repositoryId: number,
  pullRequest: number,
  at: number,
  pushed?: string,
): string {
  return `cancel-checks-${repositoryId}-${pullRequest}-${at}-${pushed ?? 'closed'}`
}
