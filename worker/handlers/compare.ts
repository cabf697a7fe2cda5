import type { GiveUp } from '../../src/errors/errors.ts'
import { compareCommits } from '../../src/github/compare.ts'
import { getRepository } from '../../src/github/repositories.ts'
import type { Compare, Repository } from '../../src/jobs/job.ts'
import type { ComparisonWish } from '../../src/overview/overview.ts'
import type { Tools } from '../tools.ts'

/** Asks GitHub what a commit or branch has that another has not, for whoever looks at it. */
export async function compare(job: Compare, tools: Tools): Promise<void> {
  const { github, comparisons, budget, log } = tools
  const { repository, base, head } = job
  const wish = wishOf(job)
  if (await budget.isLow()) {
    log.info({ base, head }, 'no comparison: little of the rate limit is left')
    return
  }
  const before = await comparisons.read(wish)
  const branch = head === 'HEAD' ? await findDefaultBranch(repository, tools) : head
  const answer = await compareCommits(github, repository, base, branch, before.etag)
  switch (answer.outcome) {
    case 'unchanged':
      return comparisons.freshen(wish)
    case 'unknown':
      await comparisons.writeUnknown(wish, answer.reason)
      return note(repository, tools)
    case 'compared': {
      const { ahead, behind } = answer.compared
      await comparisons.write(wish, answer.compared)
      const isNews = before.answer?.ahead !== ahead || before.answer.behind !== behind
      if (isNews) await note(repository, tools)
    }
  }
}

/** GitHub could not be asked, or could not compare them in time: what was known stays, else the reason is shown for a while. */
export async function giveUpCompare(job: Compare, reason: GiveUp, tools: Tools): Promise<void> {
  const { comparisons } = tools
  const wish = wishOf(job)
  if ((await comparisons.read(wish)).answer !== undefined) return
  await comparisons.writeUnknown(wish, reason.message)
  await note(job.repository, tools)
}

function wishOf({ repository, base, head }: Compare): ComparisonWish {
  return { repositoryId: repository.id, base, head }
}

/** GitHub's description of the comparison promises no HEAD: the repository itself says what its default branch is. */
async function findDefaultBranch(repository: Repository, { github, comparisons }: Tools): Promise<string> {
  const known = await comparisons.defaultBranch(repository.id)
  if (known !== undefined) return known
  const { default_branch: branch } = await getRepository(github, repository)
  await comparisons.rememberDefaultBranch(repository.id, branch)
  return branch
}

async function note({ id }: Repository, { noteChange }: Tools): Promise<void> {
  await noteChange({ kind: 'comparison', repositoryId: id })
}
