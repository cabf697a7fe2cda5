import type { RulesInForce } from '../config/rules.ts'
import type { Repositories } from '../deliveries/repositories.ts'
import type { Keys } from '../deployments/keys.ts'
import { fullName } from '../jobs/job.ts'
import type { Freeze, Freezes } from '../locks/freezes.ts'
import { isInScope } from '../locks/in-scope.ts'
import type { Lock, Locks } from '../locks/locks.ts'
import type { Redis } from '../redis/redis.ts'
import { findPredecessor, usualMs } from './history.ts'
import { judgeLane } from './judge-lane.ts'
import { type LaneFacts, readLaneFacts } from './lane-facts.ts'
import type { Comparisons, LaneView, Overview } from './overview.ts'
import { type ListedPlace, listPlaces, toPlace } from './places.ts'

export interface OverviewOptions {
  redis: Redis
  keys: Keys
  rules: RulesInForce
  repositories: Repositories
  /** Without it, nothing is said of how many commits an environment is behind. */
  comparisons?: Pick<Comparisons, 'count'> | undefined
  locks?: Pick<Locks, 'all'> | undefined
  freezes?: Pick<Freezes, 'all'> | undefined
}

/** Opens the overview of all that is deployed. */
export function openOverview(options: OverviewOptions): Overview {
  const { redis, keys, rules, repositories, locks, freezes } = options

  const readPlaces = async (repositoryId: number | undefined): Promise<ListedPlace[]> => {
    const [known, members] = await Promise.all([repositories.all(), redis.smembers(keys.lanes)])
    const isWanted = (id: number) => repositoryId === undefined || id === repositoryId
    return listPlaces(
      rules.current,
      known.filter(({ id }) => isWanted(id)),
      members.map(toPlace).filter((place) => isWanted(place.repositoryId)),
    )
  }

  return {
    async lanes({ repositoryId } = {}) {
      const [places, allLocks, allFreezes] = await Promise.all([
        readPlaces(repositoryId),
        locks?.all() ?? [],
        freezes?.all() ?? [],
      ])
      const facts = await readLaneFacts(redis, keys, places)
      const views = places.map((place, index) => viewOf(place, facts[index], allLocks, allFreezes))
      return options.comparisons ? withBehind(views, options) : views
    },

    usualMs: (repositoryId, environment) => usualMs(redis, keys, repositoryId, environment),
    predecessor: (record) => findPredecessor(redis, keys, record),
  }
}

const nothingKnown: LaneFacts = { records: new Map(), said: new Map(), held: [] }

function viewOf(
  { repositoryId, repository, environment }: ListedPlace,
  facts: LaneFacts = nothingKnown,
  locks: readonly Lock[],
  freezes: readonly Freeze[],
): LaneView {
  const [any] = facts.records.values()
  return {
    repositoryId,
    repository: repository ?? (any ? fullName(any.repository) : String(repositoryId)),
    environment,
    ...judgeLane(environment, facts),
    locks: locks.filter(({ scope }) => isInScope(scope, repositoryId, environment)),
    freezes: freezes.filter(({ scope }) => isInScope(scope, repositoryId, environment)),
  }
}

/** With how many commits of the deployed branch each lacks, as far as that is known. */
async function withBehind(views: LaneView[], { comparisons, rules }: OverviewOptions): Promise<LaneView[]> {
  const deployed = views.flatMap((view) => (view.current ? [{ view, base: view.current.sha }] : []))
  const wishes = deployed.map(({ view, base }) => ({
    repositoryId: view.repositoryId,
    base,
    head: rules.current.of(view.repository)?.branch ?? 'HEAD',
  }))
  const known = (await comparisons?.count(wishes)) ?? []
  const found = new Map(deployed.map(({ view }, index) => [view, known[index]]))
  return views.map((view) => {
    const { answer, unknown } = found.get(view) ?? {}
    return {
      ...view,
      ...(answer === undefined ? {} : { behind: answer.ahead }),
      ...(unknown === undefined ? {} : { behindUnknown: unknown }),
    }
  })
}
