/**
 * How a deployment ended, for whoever counts (src/figures/). It is noted in the step that ends the deployment; the keys are made
 * from the record's, whose hash tag they share. What has never begun has changed nothing, and is not noted.
 *
 * A member of `outcomes`, with when it ended as its score: id | repository | state | flags | when it began | when its change was
 * made, in ISO 8601 | the deployment that it rolls back | environment. The flags are 1 for production and 2 for cancelled. It
 * holds nothing that comes later: that a success was rolled back is seen from the rollback's own outcome.
 *
 * The lane remembers in `failed` which deployment has failed there since the last success.
 */
export const outcome = `
local function below(record)
  return string.match(record, '^(.*):deployment:[^:]*$')
end

-- The lane that a deployment is in, and its name in the index of lanes; nil once the record is gone.
local function laneOf(record)
  local repositoryId, environment = unpack(redis.call('HMGET', record, 'repositoryId', 'environment'))
  if not repositoryId then return end
  local name = repositoryId .. ':' .. environment
  return below(record) .. ':lane:' .. name, name
end

-- Notes how a deployment ended; to do it again changes nothing.
local function noteOutcome(record)
  local id, repositoryId, environment, state, startedAt, finishedAt, production, cancelledBy, changedAt, rollbackOf =
    unpack(redis.call('HMGET', record, 'id', 'repositoryId', 'environment', 'state', 'startedAt', 'finishedAt',
      'production', 'cancelledBy', 'changedAt', 'rollbackOf'))
  if not id or not finishedAt or state == 'inactive' or not (startedAt or state == 'success') then return end
  local flags = production == '1' and 1 or 0
  local parts = { id, repositoryId, state, flags, startedAt or '', changedAt or '', rollbackOf or '', environment }
  local outcomes = below(record) .. ':outcomes'
  if cancelledBy then
    -- It may have been noted before it was known who cancelled it.
    redis.call('ZREM', outcomes, table.concat(parts, '|'))
    parts[4] = flags + 2
  end
  redis.call('ZADD', outcomes, finishedAt, table.concat(parts, '|'))
end

-- Notes who ended a deployment before its time; before or after it is given its last status.
local function noteCancelled(record, by)
  redis.call('HSET', record, 'cancelledBy', by)
  noteOutcome(record)
end

-- Notes in the lane whether what was deployed last has failed.
local function noteHealth(record, state)
  local id, startedAt = unpack(redis.call('HMGET', record, 'id', 'startedAt'))
  if not id or not startedAt then return end
  local lane = laneOf(record)
  if state == 'success' then redis.call('HDEL', lane, 'failed') end
  if state == 'failure' or state == 'error' then redis.call('HSET', lane, 'failed', id) end
end
`
