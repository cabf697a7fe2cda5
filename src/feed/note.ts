/** The stream of all that changes. It has the hash tag that all our keys have. */
export function changesKey(prefix: string): string {
  return `${prefix}:changes`
}

/** The stream keeps about this many changes; older ones go first. */
export const keptChanges = 10_000

/**
 * Notes a change, for scripts that make one: the change and its note are then one step. What does not apply is ''.
 * Every entry has the same fields in the same order: Redis then stores their names once.
 */
export const noteChange = `
local function noteChange(changes, kind, repositoryId, environment, deployment, state)
  redis.call('XADD', changes, 'MAXLEN', '~', ${keptChanges}, '*', 'kind', kind, 'repositoryId', repositoryId,
    'environment', environment, 'deployment', deployment, 'state', state)
end
`
