import type { Sources } from '../api/sources.ts'
import { listDeployments } from '../deployments/list.ts'
import { isFinal } from '../deployments/record.ts'
import { fullName } from '../jobs/job.ts'
import type { LaneView, Overview } from '../overview/overview.ts'

/** How things stand, as far as the newest deployments tell. */
export function openPlainOverview({ redis, keys, repositories }: Sources): Overview {
  return {
    async lanes() {
      const { records } = await listDeployments(redis, keys, {}, 500)
      const names = await repositories.namesOf(records.map((record) => record.repository.id))
      const lanes = new Map<string, LaneView>()
      for (const record of records) {
        const key = `${record.repository.id}:${record.environment}`
        const lane: LaneView = lanes.get(key) ?? {
          repositoryId: record.repository.id,
          repository: names.get(record.repository.id) ?? fullName(record.repository),
          environment: record.environment,
          health: 'nothing',
          waiting: [],
          locks: [],
          freezes: [],
        }
        lanes.set(key, lane)
        if (record.state === 'in_progress') lane.running = record
        else if (!isFinal(record.state)) lane.waiting.push(record)
        else if (record.state === 'success' && !lane.current) {
          lane.current = record
          lane.health = lane.failed ? 'failing' : record.verifiedAt ? 'verified' : 'deployed'
        } else if (record.state === 'failure' && !lane.current) {
          lane.failed ??= record
          lane.health = 'failing'
        }
      }
      return [...lanes.values()]
    },
    usualMs: async (repositoryId, environment) => {
      const { records } = await listDeployments(
        redis,
        keys,
        { repositoryId, environment, state: 'success' },
        20,
      )
      const times = records.map((record) => (record.finishedAt ?? 0) - (record.startedAt ?? 0))
      return times.sort((a, b) => a - b)[Math.floor(times.length / 2)]
    },
    async predecessor(record) {
      const lane = {
        repositoryId: record.repository.id,
        environment: record.environment,
        state: 'success' as const,
      }
      return (await listDeployments(redis, keys, lane, 1, record.id)).records[0]
    },
  }
}
