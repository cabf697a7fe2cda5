import { step } from '../deployments/step.ts'
import { defineScript } from '../redis/redis.ts'

/**
 * Notes what somebody says of a deployment, in the place of what they said before, and counts it as a barrier: it may be a rejection.
 * Keys: record, approvals. Arguments: id, the name in small letters, the approval as JSON, ms that it is kept if the
 * deployment is over. Gives the approval with its time, the repository's id and the environment (nil if there is no record).
 */
export const give = defineScript(`${step}
local record, approvals = KEYS[1], KEYS[2]
local approval = cjson.decode(ARGV[3])
approval.at = now()
local json = cjson.encode(approval)
redis.call('HSET', approvals, ARGV[2], json)
local repository, environment = unpack(redis.call('HMGET', record, 'repositoryId', 'environment'))
if not repository or isFinal(record) then redis.call('PEXPIRE', approvals, ARGV[4]) end
if not repository then return { json } end
local prefix = string.sub(record, 1, -#('deployment:' .. ARGV[1]) - 1)
noteChange(prefix .. 'changes', 'approval', repository, environment, ARGV[1], redis.call('HGET', record, 'state'))
redis.call('HINCRBY', prefix .. 'lane:' .. repository .. ':' .. environment, 'barriers', 1)
return { json, repository, environment }
`)
