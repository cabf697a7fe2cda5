import type { PullRequestChanged } from '../../src/jobs/job.ts'
import { AskAgain } from '../ask-again.ts'
import type { Tools } from '../tools.ts'

/** A look takes about so long. */
const againMs = 250

/**
 * Has a pull request that asks to be merged looked at: by the job that waits for it already, or by a new one.
 *
 * @throws {AskAgain} while a look is under way, which may have come too early
 */
export async function pullRequestChanged(job: PullRequestChanged, { merging }: Tools): Promise<void> {
  const { repository, pullRequest, labelled, ask, delivery } = job
  if (ask) await merging.asks.write(repository.id, pullRequest, ask)
  if (!ask && !labelled && !(await merging.looks.exists(job))) return
  if (await merging.looks.begin({ repository, pullRequest, delivery })) return
  throw new AskAgain(`#${pullRequest} is being looked at.`, againMs)
}
