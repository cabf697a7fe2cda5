import type { CheckRun, CommitStatus } from '../ci/judge.ts'
import { RetryLater } from '../errors/errors.ts'
import type { Repository } from '../jobs/job.ts'
import type { GitHub } from './client.ts'
import { GitHubRefusal } from './failure.ts'

const perPage = 100

/**
 * The newest status of each context of a commit and the latest runs of its checks: all of them.
 *
 * @throws {RetryLater} if pages came out incomplete: what was not read may be red
 * @throws {GitHubRefusal} if the token may not read one of them, or the commit is gone
 */
export async function readCi(
  github: GitHub,
  { owner, name }: Repository,
  sha: string,
): Promise<{ statuses: CommitStatus[]; checkRuns: CheckRun[] }> {
  const commit = { owner, repo: name, ref: sha, per_page: perPage }
  const [statuses, checkRuns] = await Promise.all([
    readAll('commit statuses', sha, async (page) => {
      const { data } = await github.rest.repos.getCombinedStatusForRef({ ...commit, page })
      return { total: data.total_count, items: data.statuses }
    }),
    readAll('checks', sha, async (page) => {
      const { data } = await github.rest.checks.listForRef({ ...commit, filter: 'latest', page })
      return { total: data.total_count, items: data.check_runs }
    }),
  ])
  return {
    statuses: statuses.map(({ context, state }) => ({ context, state })),
    checkRuns: checkRuns.map(({ id, app, name, status, conclusion, check_suite }) => ({
      id,
      ...(check_suite ? { suite: check_suite.id } : {}),
      app: String(app?.id ?? ''),
      name,
      status,
      conclusion,
    })),
  }
}

type Page<T> = { total: number; items: T[] }

async function readAll<T extends { id: number }>(
  what: string,
  sha: string,
  readPage: (page: number) => Promise<Page<T>>,
): Promise<T[]> {
  const found = new Map<number, T>()
  for (let page = 1; ; page++) {
    const { total, items } = await readPage(page).catch((error: unknown) => {
      throw withAdvice(error, what)
    })
    for (const item of items) found.set(item.id, item)
    if (found.size >= total) return [...found.values()]
    // Pages shift while CI reports: an item may have slipped from one that is to come to one that was read.
    if (items.length === 0) {
      throw new RetryLater(`GitHub gave ${found.size} of the ${total} ${what} of ${sha.slice(0, 7)}.`)
    }
  }
}

function withAdvice(error: unknown, what: string): unknown {
  if (!(error instanceof GitHubRefusal) || (error.status !== 403 && error.status !== 404)) return error
  return new GitHubRefusal(error.status, `${error.message}. May the token read ${what}?`)
}
