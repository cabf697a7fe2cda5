import { chooseRollback } from '../../src/deployments/rollback.ts'
import { rollbackJobId } from '../../src/jobs/job-ids.ts'
import type { RunRules } from '../rules.ts'
import type { Tools } from '../tools.ts'

/**
 * What is done about a deployment that is about to end as a failure: the commit to roll back to, if there is one, and a
 * sentence about it. Undefined if the rules do not want it.
 */
export async function decideRollback(
  id: number,
  { rollback }: RunRules,
  { records, rollbackFacts }: Tools,
): Promise<{ to?: string; words: string } | undefined> {
  const record = rollback === 'automatic' ? await records.read(id) : undefined
  if (!record) return undefined
  const choice = chooseRollback(await rollbackFacts(record))
  if ('why' in choice) return { words: `Not rolled back: ${choice.why}.` }
  const { sha } = choice.to
  return { to: sha, words: `Rolling back to ${sha.slice(0, 7)}.` }
}

/** Queues the job that rolls a deployment back, if that was decided when it ended. */
export async function queueRollback(id: number, tools: Tools): Promise<void> {
  const { records, enqueue } = tools
  const record = await records.read(id)
  if (!record?.rollsBack || record.rollbackTo === undefined) return
  const { repository, environment, rollbackTo: sha, deployUser, creator, delivery } = record
  const { past } = await tools.rollbackFacts(record)
  const changedAt = past.find((each) => each.state === 'success' && each.sha === sha)?.changedAt
  await enqueue({
    name: 'start-deployment',
    id: rollbackJobId(id),
    data: {
      repository,
      environment,
      sha,
      description: `Rollback of #${id} to ${sha.slice(0, 7)}.`,
      deployUser: deployUser ?? creator,
      rollbackOf: id,
      ...(changedAt === undefined ? {} : { changedAt }),
      delivery,
    },
  })
  await records.rollbackQueued(id)
}
