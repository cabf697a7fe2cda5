import type { Sources } from '../../api/sources.ts'
import { readRecords } from '../../deployments/list.ts'
import { isFinal } from '../../deployments/record.ts'
import type { Scope } from '../../locks/scope.ts'
import type { Place } from '../../operations/operations.ts'
import { field } from './answering.ts'

/** The place that a query or a form names. Pure. */
export function readPlace(fields: unknown): Place {
  return { repository: field(fields, 'repository'), environment: field(fields, 'environment') }
}

/** The scope of a place; undefined if no delivery has come from its repository. */
export async function scopeOf(
  { repositories, rules }: Pick<Sources, 'repositories' | 'rules'>,
  { repository, environment }: Place,
): Promise<Scope | undefined> {
  if (repository === undefined) return { kind: 'everything' }
  const known = await repositories.named(repository)
  if (!known) return undefined
  const named = { repositoryId: known.id, repository: `${known.owner}/${known.name}` }
  return environment === undefined
    ? { kind: 'repository', ...named }
    : { kind: 'environment', ...named, environment: ruledName(rules, named.repository, environment) }
}

/** The deployment that runs in a place, if it is one environment. */
export async function runningIn(
  { redis, keys, repositories }: Pick<Sources, 'redis' | 'keys' | 'repositories'>,
  { repository, environment }: Place,
): Promise<number | undefined> {
  const known = repository === undefined ? undefined : await repositories.named(repository)
  if (!known || environment === undefined) return undefined
  const id = Number((await redis.hget(keys.lane(known.id, environment), 'holder')) ?? 0)
  const record = id === 0 ? undefined : (await readRecords(redis, keys, [id])).get(id)
  return record && !isFinal(record.state) ? id : undefined
}

/** An environment's name as the rules write it: GitHub ignores case. */
function ruledName({ current }: Sources['rules'], repository: string, environment: string): string {
  const wanted = environment.toLowerCase()
  const found = current.of(repository)?.environments.find(({ name }) => name.toLowerCase() === wanted)
  return found?.name ?? environment
}
