import { noteChange } from '../feed/note.ts'
import { luaNow } from '../redis/now-script.ts'
import { outcome } from './outcome-script.ts'

/**
 * The steps of a deployment's life. Each is one indivisible step in Redis, by Redis's own clock: whatever dies
 * between two of them, the next reader finds the deployment before a step or after it, never half way.
 * Ids stay strings, since Lua would write large numbers as 1e+14; they are compared as numbers.
 *
 * Each status is noted in the feed in the same step. The feed's key is made from the record's: it lies below the same prefix,
 * whose hash tag puts both in one slot of a Redis Cluster, so that no script has to be handed it.
 */
export const step = `${luaNow}${noteChange}${outcome}
local rank = { pending = 1, queued = 2, in_progress = 3, success = 4, failure = 4, error = 4, inactive = 4 }

-- Tells whoever watches that a deployment has changed.
local function tell(record)
  local changes = string.gsub(record, ':deployment:[^:]+$', ':changes')
  local id, repositoryId, environment, state =
    unpack(redis.call('HMGET', record, 'id', 'repositoryId', 'environment', 'state'))
  noteChange(changes, 'deployment', repositoryId or '', environment or '', id or '', state or '')
end

-- Gives the deployment a status, if that is not backwards; the worker sends it to GitHub afterwards.
local function give(record, statuses, state, description, at)
  local before = rank[redis.call('HGET', record, 'state')] or 0
  local again = state == 'queued' and before == rank.queued
  if rank[state] <= before and not again then return 0 end
  redis.call('HSET', record, 'state', state)
  if state == 'in_progress' then redis.call('HSET', record, 'startedAt', at) end
  if rank[state] == 4 then redis.call('HSET', record, 'finishedAt', at) end
  redis.call('RPUSH', statuses, cjson.encode({ state = state, description = description, at = at }))
  tell(record)
  if rank[state] == 4 then
    noteOutcome(record)
    noteHealth(record, state)
  end
  return 1
end

-- A deployment's place in its lane is by its id, but a rollback's is right behind the one that it rolls back:
-- whatever is newer than that one is newer than the rollback, too. The prefix is that of the records.
local function placeOf(prefix, id)
  local of = tonumber(redis.call('HGET', prefix .. id, 'rollbackOf') or '')
  return of and math.min(of + 0.5, tonumber(id)) or tonumber(id)
end

local function isBefore(prefix, one, other)
  local place, otherPlace = placeOf(prefix, one), placeOf(prefix, other)
  if place == otherPlace then return tonumber(one) < tonumber(other) end
  return place < otherPlace
end

local function isFinal(record)
  return rank[redis.call('HGET', record, 'state')] == 4
end
`
