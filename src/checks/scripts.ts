import { defineScript } from '../redis/redis.ts'

/*
 * The steps of a check's life, each one indivisible step in Redis by Redis's own clock. A check's statuses are not a list
 * here: `state` says how it stands, and the worker brings GitHub up to it. A run that ends must name itself (`run`, and
 * `fence`, which rises each time that a worker begins): whoever was lost, or cancelled, has no say any more.
 */
const shared = `
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

local function isOver(record)
  local state = redis.call('HGET', record, 'state')
  return state ~= 'pending' and state ~= 'running'
end

local function finish(record, state, description)
  redis.call('HSET', record, 'state', state, 'description', description, 'finishedAt', now())
end
`

/** Says what a check that has not begun waits for. Keys: record. Arguments: the words. */
export const sayWaiting = defineScript(`
if redis.call('HGET', KEYS[1], 'state') == 'pending' then redis.call('HSET', KEYS[1], 'waitsFor', ARGV[1]) end
return 1
`)

/**
 * Notes that a pull request wants a check, and writes it down unless it is known; one that was cancelled, or whose
 * statuses GitHub refused, begins again.
 * Keys: record, wishes, pull, pull's checks, repository's checks, open checks.
 * Arguments: id, pull request, when, sha, the job that asks, how long it is remembered in ms, how many a repository keeps,
 * then fields and values. Gives: the number of the run, or 0 if the pull request is known to have another head by now.
 */
export const want = defineScript(`${shared}
local record, wishes, pull, ofPull, ofRepository, open = unpack(KEYS)
local id, number, at, sha, job, keptMs, most = unpack(ARGV, 1, 7)
local known = tonumber(redis.call('HGET', pull, 'at') or '0')
if known > tonumber(at) and redis.call('HGET', pull, 'head') ~= sha then return 0 end
if tonumber(at) >= known then redis.call('HSET', pull, 'at', at, 'head', sha) end
redis.call('PEXPIRE', pull, keptMs)

local wished = tonumber(redis.call('HGET', wishes, number) or '0')
local isCancelled = redis.call('HEXISTS', record, 'cancelled') == 1
-- The very job that asked before its check was cancelled may come again: that is no new wish.
if isCancelled and redis.call('HGET', record, 'job') == job then return redis.call('HGET', record, 'run') end
local isAgain = isCancelled or (redis.call('HEXISTS', record, 'unreportable') == 1 and isOver(record))
if tonumber(at) > wished then
  redis.call('HSET', wishes, number, at)
  redis.call('ZADD', ofPull, at, id)
  redis.call('ZREMRANGEBYRANK', ofPull, 0, -501)
end
redis.call('PEXPIRE', ofPull, keptMs)
redis.call('PEXPIRE', wishes, keptMs)

if isAgain then
  redis.call('HDEL', record, 'cancelled', 'unreportable', 'description', 'startedAt', 'finishedAt', 'worker')
  redis.call('HSET', record, 'state', 'pending', 'lost', 0, 'job', job)
  redis.call('PERSIST', record)
  redis.call('PERSIST', record .. ':log')
  redis.call('SADD', open, id)
  return redis.call('HINCRBY', record, 'run', 1)
end
if redis.call('HEXISTS', record, 'run') == 1 then return redis.call('HGET', record, 'run') end

redis.call('HSET', record, 'id', id, 'state', 'pending', 'run', 1, 'fence', 0, 'lost', 0, 'job', job,
  'acceptedAt', now(), unpack(ARGV, 8))
redis.call('SADD', open, id)
redis.call('ZADD', ofRepository, now(), id)
redis.call('PEXPIRE', ofRepository, keptMs)
local records = string.sub(record, 1, -#id - 1)
local tooMany = redis.call('ZCARD', ofRepository) - tonumber(most)
for index, old in ipairs(redis.call('ZRANGE', ofRepository, 0, 19)) do
  local gone = redis.call('EXISTS', records .. old) == 0
  if gone or (index <= tooMany and redis.call('SISMEMBER', open, old) == 0) then
    redis.call('DEL', records .. old, records .. old .. ':log', records .. old .. ':wishes')
    redis.call('ZREM', ofRepository, old)
  end
end
return 1
`)

/**
 * Takes back what a pull request wanted before, and ends what nobody wants any more. Keys: pull, pull's checks.
 * Arguments: pull request, when, its head now ('' if it is closed), the head before, what all records' keys begin with,
 * how long it is remembered in ms, the description. Gives the ids of what is cancelled and GitHub does not know of yet.
 */
export const cancel = defineScript(`${shared}
local pull, ofPull = unpack(KEYS)
local number, at, head, before, records, keptMs, description = unpack(ARGV)
if tonumber(at) >= tonumber(redis.call('HGET', pull, 'at') or '0') then
  redis.call('HSET', pull, 'at', at, 'head', head)
end
redis.call('PEXPIRE', pull, keptMs)
local cancelled = {}
local wished = redis.call('ZRANGE', ofPull, 0, -1, 'WITHSCORES')
for index = 1, #wished, 2 do
  local id, since = wished[index], tonumber(wished[index + 1])
  local record = records .. id
  local sha = redis.call('HGET', record, 'sha')
  -- GitHub's times are to the second: of two heads within one, only the event that names both knows the order.
  local isOld = since < tonumber(at) or (since == tonumber(at) and (head == '' or sha == before))
  if not sha then
    redis.call('ZREM', ofPull, id)
  elseif sha ~= head and isOld then
    redis.call('HDEL', record .. ':wishes', number)
    if redis.call('HLEN', record .. ':wishes') == 0 and not isOver(record) then
      finish(record, 'error', description)
      redis.call('HSET', record, 'cancelled', 1)
    end
  end
  if redis.call('HEXISTS', record, 'cancelled') == 1
    and redis.call('HGET', record, 'reported') ~= 'error ' .. redis.call('HGET', record, 'description') then
    table.insert(cancelled, id)
  end
end
return cancelled
`)

/**
 * Begins a run. Keys: record. Arguments: run, worker, how many lost workers are enough, what is said then.
 * Gives the fence, or 0 if there is nothing to run.
 */
export const begin = defineScript(`${shared}
local record = KEYS[1]
if redis.call('HGET', record, 'run') ~= ARGV[1] or isOver(record) then return 0 end
if redis.call('HGET', record, 'state') == 'running' then
  if redis.call('HINCRBY', record, 'lost', 1) >= tonumber(ARGV[3]) then
    finish(record, 'error', ARGV[4])
    return 0
  end
end
redis.call('HSET', record, 'state', 'running', 'worker', ARGV[2], 'startedAt', now())
return redis.call('HINCRBY', record, 'fence', 1)
`)

/** Whether a run goes on. Keys: record. Arguments: run, fence. Gives 1 or 0. */
export const goesOn = defineScript(`
local run, fence, state = unpack(redis.call('HMGET', KEYS[1], 'run', 'fence', 'state'))
if run == ARGV[1] and fence == ARGV[2] and state == 'running' then return 1 end
return 0
`)

/** Ends a run. Keys: record. Arguments: run, fence, state, description. Gives 1, or 0 if it has no say any more. */
export const end = defineScript(`${shared}
local run, fence, state = unpack(redis.call('HMGET', KEYS[1], 'run', 'fence', 'state'))
if run ~= ARGV[1] or fence ~= ARGV[2] or state ~= 'running' then return 0 end
finish(KEYS[1], ARGV[3], ARGV[4])
return 1
`)

/** Hands a run back, to be begun again by another. Keys: record. Arguments: run, fence. */
export const handBack = defineScript(`
local run, fence, state = unpack(redis.call('HMGET', KEYS[1], 'run', 'fence', 'state'))
if run ~= ARGV[1] or fence ~= ARGV[2] or state ~= 'running' then return 0 end
redis.call('HSET', KEYS[1], 'state', 'pending')
return 1
`)

/** Ends what is not over, whoever runs it. Keys: record. Arguments: state, description. Gives 1, or 0 if it is over. */
export const settle = defineScript(`${shared}
if redis.call('HEXISTS', KEYS[1], 'run') == 0 or isOver(KEYS[1]) then return 0 end
finish(KEYS[1], ARGV[1], ARGV[2])
return 1
`)

/**
 * Nothing is left to do about a check: from now on it is only kept to be looked at, for a time. Keys: record, log, open
 * checks. Arguments: id, how long in ms. Does nothing if it has begun again.
 */
export const close = defineScript(`${shared}
if redis.call('HEXISTS', KEYS[1], 'run') == 1 and not isOver(KEYS[1]) then return 0 end
redis.call('SREM', KEYS[3], ARGV[1])
for key = 1, 2 do redis.call('PEXPIRE', KEYS[key], ARGV[2]) end
return 1
`)
