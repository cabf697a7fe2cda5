import { defineScript } from '../redis/redis.ts'

/**
 * Reads all that there is to see of lanes, as JSON, a lane after the other. Keys: lanes. All others are made from it: they have
 * the same hash tag. Arguments: `<repositoryId>:<environment>` of each. What is not there is left out, since an empty table
 * would be an object in JSON.
 */
export const readLanes = defineScript(`
local base = string.sub(KEYS[1], 1, -#':lanes' - 1)
local most = 20

local function unlessEmpty(list)
  if #list > 0 then return list end
end

local function readLane(member)
  local records, said, seen = {}, {}, {}
  local function take(id)
    if not id or seen[id] then return end
    seen[id] = true
    local record = base .. ':deployment:' .. id
    local fields = redis.call('HGETALL', record)
    if #fields == 0 then return end
    table.insert(records, fields)
    local state = redis.call('HGET', record, 'state')
    if state ~= 'pending' and state ~= 'queued' then return end
    local last = redis.call('LINDEX', record .. ':statuses', -1)
    if last then
      table.insert(said, id)
      table.insert(said, last)
    end
  end

  local holder, last, newest, failed =
    unpack(redis.call('HMGET', base .. ':lane:' .. member, 'holder', 'lastSuccess', 'newestStarted', 'failed'))
  for _, id in ipairs({ last or '0', holder or '0', failed or newest or '0' }) do take(id) end
  local waiting = redis.call('HKEYS', base .. ':lane-waiting:' .. member)
  for index = 1, math.min(#waiting, most) do take(waiting[index]) end
  local held = redis.call('HGETALL', base .. ':lane-held:' .. member)
  for index = 1, math.min(#held, 2 * most), 2 do take(held[index]) end
  -- One that was accepted just now, or of which GitHub cannot be told, is in neither.
  for _, id in ipairs(redis.call('ZREVRANGE', base .. ':lane-deployments:' .. member, 0, 2)) do
    local state = redis.call('HGET', base .. ':deployment:' .. id, 'state')
    if state == 'pending' or state == 'queued' then take(id) end
  end
  return {
    holder = holder or nil,
    last = last or nil,
    newest = newest or nil,
    failed = failed or nil,
    records = unlessEmpty(records),
    said = unlessEmpty(said),
    held = unlessEmpty(held),
  }
end

local lanes = {}
for _, member in ipairs(ARGV) do table.insert(lanes, cjson.encode(readLane(member))) end
return lanes
`)
