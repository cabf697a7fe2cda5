import { defineScript } from '../redis/redis.ts'

/*
 * The roster of the workers that are alive: a hash of JSON by their names, each with the time until which it counts as alive
 * unless it is heard of again. What waits in a queue that none of them may take from is unattended: a hash of the time since when.
 */

const judge = `
local workers, pools, unattended = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local at = time[1] * 1000 + math.floor(time[2] / 1000)
local forgetMs = 3600000

local function readAlive(forget)
  local alive = {}
  local entries = redis.call('HGETALL', workers)
  for index = 1, #entries, 2 do
    local entry = cjson.decode(entries[index + 1])
    if entry.aliveUntil > at then
      local has = {}
      for _, label in ipairs(entry.labels) do has[label] = true end
      table.insert(alive, { json = entries[index + 1], has = has })
    elseif forget and entry.aliveUntil + forgetMs < at then
      redis.call('HDEL', workers, entries[index])
    end
  end
  return alive
end

local function isAttended(queue, alive)
  local needed = string.match(queue, '@(.+)$') or 'default'
  for _, worker in ipairs(alive) do
    local hasAll = true
    for label in string.gmatch(needed, '[^+]+') do hasAll = hasAll and worker.has[label] end
    if hasAll then return true end
  end
  return false
end

local function readQueues()
  local queues = redis.call('SMEMBERS', pools)
  table.insert(queues, 'deployments')
  table.insert(queues, 'checks')
  return queues
end

local function jsonOf(alive)
  local found = {}
  for _, worker in ipairs(alive) do table.insert(found, worker.json) end
  return found
end
`

/**
 * Notes that a worker is alive. Keys: workers, pools, unattended. Arguments: its name, itself as JSON, how long that counts in ms,
 * and the queues that its rules know of. Gives the names of the pools' queues, the workers that are alive, the queues that are
 * unattended, each before the time since when, and those that were until now.
 */
export const beat = defineScript(`${judge}
local me = cjson.decode(ARGV[2])
me.aliveUntil = at + tonumber(ARGV[3])
redis.call('HSET', workers, ARGV[1], cjson.encode(me))
for index = 4, #ARGV do redis.call('SADD', pools, ARGV[index]) end
local alive = readAlive(true)
local now = {}
for _, queue in ipairs(readQueues()) do
  if isAttended(queue, alive) then
    if redis.call('HDEL', unattended, queue) == 1 then table.insert(now, queue) end
  else
    redis.call('HSETNX', unattended, queue, at)
  end
end
return { redis.call('SMEMBERS', pools), jsonOf(alive), redis.call('HGETALL', unattended), now }
`)

/**
 * Looks at the roster and changes nothing. Keys: workers, pools, unattended. Gives the names of the pools' queues, the workers that
 * are alive, and the queues that none of them attends to, each before the time since when that was seen, or now.
 */
export const look = defineScript(`${judge}
local alive = readAlive(false)
local found = {}
for _, queue in ipairs(readQueues()) do
  if not isAttended(queue, alive) then
    table.insert(found, queue)
    table.insert(found, redis.call('HGET', unattended, queue) or tostring(at))
  end
end
return { redis.call('SMEMBERS', pools), jsonOf(alive), found, {} }
`)
