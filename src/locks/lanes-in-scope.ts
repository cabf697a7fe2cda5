import type { Held } from '../deployments/held.ts'
import type { Keys } from '../deployments/keys.ts'
import type { Redis } from '../redis/redis.ts'
import type { Scope } from './scope.ts'

/** A scope's name in Redis: `everything`, `42`, `42:production`; GitHub ignores the case of environments. */
export function scopeKey(scope: Scope): string {
  if (scope.kind === 'everything') return scope.kind
  const { repositoryId } = scope
  return scope.kind === 'repository' ? String(repositoryId) : environmentKey(repositoryId, scope.environment)
}

function environmentKey(repositoryId: number, environment: string): string {
  // As Lua does it: the same letters.
  return `${repositoryId}:${environment.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())}`
}

/** The names of all scopes that an environment is in, the widest first. */
export function scopesAround(repositoryId: number, environment: string): [string, string, string] {
  return ['everything', String(repositoryId), environmentKey(repositoryId, environment)]
}

/** Has all that is held in a scope look again at once. */
export async function wakeScope(redis: Redis, keys: Keys, held: Held, scope: Scope): Promise<void> {
  const wanted = scopeKey(scope)
  const lanes = (await redis.smembers(keys.lanes)).map((member) => {
    const colon = member.indexOf(':')
    return { repositoryId: Number(member.slice(0, colon)), environment: member.slice(colon + 1) }
  })
  const inScope = lanes.filter(({ repositoryId, environment }) =>
    scopesAround(repositoryId, environment).includes(wanted),
  )
  await Promise.all(inScope.map(({ repositoryId, environment }) => held.wake(repositoryId, environment)))
}

/**
 * Lua: counts a new barrier in each lane of a scope, so that what is about to begin there looks again. `lanes` is the key of the
 * index, `scope` a scope's name.
 */
export const barScope = `
local function bar(lanes, scope)
  local lane = string.sub(lanes, 1, -6) .. 'lane:'
  for _, member in ipairs(redis.call('SMEMBERS', lanes)) do
    local repository = string.match(member, '^(%d+):')
    if scope == 'everything' or scope == repository or scope == string.lower(member) then
      redis.call('HINCRBY', lane .. member, 'barriers', 1)
    end
  end
end
`
