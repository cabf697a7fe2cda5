import { readPullHead } from '../../src/github/pull-head.ts'
import type { StartDeployment } from '../../src/jobs/job.ts'
import type { Tools } from '../tools.ts'

/**
 * Why a commit is not to be deployed that was the head of an open pull request when somebody asked for it: while its CI was
 * waited for, it may have become something else.
 */
export async function headMoved(
  { repository, sha, pullRequest }: Pick<StartDeployment, 'repository' | 'sha' | 'pullRequest'>,
  { github }: Pick<Tools, 'github'>,
): Promise<string | undefined> {
  if (pullRequest === undefined) return undefined
  const { state, sha: head } = await readPullHead(github, repository, pullRequest)
  const asked = sha.slice(0, 7)
  if (state !== 'open') return `#${pullRequest} was ${state} before ${asked} could be deployed: ask again.`
  if (head === sha) return undefined
  return `#${pullRequest} was pushed to before ${asked} could be deployed: its head is ${head.slice(0, 7)} now. Look at that, and ask again.`
}
