/** For Lua scripts: milliseconds since 1970, by Redis's own clock. */
export const luaNow = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
`
