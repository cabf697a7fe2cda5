import t, { type Test } from 'tap'
import { openRepositories } from '../../../src/deliveries/repositories.ts'
import { createEnqueue } from '../../../src/jobs/enqueue.ts'
import { compareJobId } from '../../../src/jobs/job.ts'
import { openComparisonMemory } from '../../../src/overview/comparison-memory.ts'
import { openComparisons } from '../../../src/overview/open-comparisons.ts'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../../fixtures/fleet.ts'

async function open(t: Test, options: FleetOptions = {}) {
  const fleet = await startFleet(t, options)
  const { store, redis, receiver, sandbox } = fleet
  const repository = sandbox.repository(shop)
  const memory = openComparisonMemory(store, redis.prefix)
  const comparisons = openComparisons({
    memory,
    repositories: openRepositories(store, redis.prefix),
    enqueue: createEnqueue(store, receiver.queues, redis.prefix),
  })
  const compares = () => sandbox.requests('repos/compare-commits-with-basehead').length
  return { ...fleet, memory, comparisons, compares, repositoryId: repository.id }
}

/** Merges that are known to the receiver; gives the shas that the branch was at, the oldest first. */
async function mergeSome({ sandbox, merge }: Fleet, titles: string[]): Promise<string[]> {
  const shas = []
  for (const title of titles) {
    await merge(title)
    shas.push(sandbox.branchHead(shop, 'main'))
  }
  return shas
}
