import { type MergeMethod, mergeMethods, type RepositoryRules } from '../../src/config/rules.ts'
import { readBranchRules } from '../../src/github/branch-rules.ts'
import type { GitHub } from '../../src/github/client.ts'
import { readCi } from '../../src/github/commits.ts'
import { listReviews, mayWrite } from '../../src/github/pulls.ts'
import type { GitHubRepository } from '../../src/github/repositories.ts'
import { fullName, type MergeAsk, type Repository } from '../../src/jobs/job.ts'
import type { MergeFacts, Pull } from '../../src/merging/decide-merge.ts'
import { lastWords, type Opinion } from '../../src/merging/reviews.ts'

/** What is known before the rest is read. */
export interface MergeSubject {
  repository: Repository
  /** The repository as GitHub has it. */
  shown: GitHubRepository
  rules: RepositoryRules & { merge: NonNullable<RepositoryRules['merge']> }
  ask: MergeAsk | undefined
  pull: Pull
  headSeenMs: number
}

/**
 * Reads all that decides whether a pull request may be merged.
 *
 * @throws {GitHubRefusal} if any of it cannot be read: then nothing is known
 */
export async function readMergeFacts(github: GitHub, subject: MergeSubject): Promise<MergeFacts> {
  const { repository, shown, rules, ask, pull, headSeenMs } = subject
  const [ci, branch, opinions] = await Promise.all([
    readCi(github, repository, pull.sha),
    readBranchRules(github, repository, pull.base),
    readOpinions(github, repository, pull.number),
  ])
  const wanted = rules.checks.filter(({ forks }) => forks || !pull.fork)
  return {
    repository: fullName(repository),
    rules: rules.merge,
    ask,
    pull,
    ci,
    ownChecks: wanted.map(({ context }) => context),
    branch,
    opinions,
    methods: methodsOf(shown),
    headSeenMs,
  }
}

async function readOpinions(github: GitHub, repository: Repository, pullRequest: number): Promise<Opinion[]> {
  const opinions = lastWords(await listReviews(github, repository, pullRequest))
  return Promise.all(
    opinions.map(async (opinion) => ({
      ...opinion,
      mayWrite: await mayWrite(github, repository, opinion.by),
    })),
  )
}

function methodsOf(shown: GitHubRepository): MergeMethod[] | undefined {
  const allowed: Record<MergeMethod, boolean | undefined> = {
    merge: shown.allow_merge_commit,
    squash: shown.allow_squash_merge,
    rebase: shown.allow_rebase_merge,
  }
  if (Object.values(allowed).every((each) => each === undefined)) return undefined
  return mergeMethods.filter((method) => allowed[method])
}
