import { findEnvironment } from '../src/config/find-environment.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import type { Repositories } from '../src/deliveries/repositories.ts'
import type { Keys } from '../src/deployments/keys.ts'
import { sweep } from '../src/deployments/sweep.ts'
import { messageOf } from '../src/errors/errors.ts'
import type { Logger } from '../src/log/log.ts'
import type { Redis } from '../src/redis/redis.ts'

export interface SweepingOptions {
  redis: Redis
  prefix: string
  keys: Keys
  keptMs: number
  rules: RulesInForce
  repositories: Repositories
  log: Logger
  /** How often the fleet sweeps; an hour unless given. */
  everyMs?: number
}

const hourMs = 3_600_000

/** Sweeps soon after the start and then every hour; the fleet shares one broom. Gives how to stop. */
export function startSweeping(options: SweepingOptions): () => void {
  const { redis, prefix, log, everyMs = hourMs } = options
  const stopping = new AbortController()
  const turn = async () => {
    try {
      const isOurs = await redis.set(`${prefix}:swept`, Date.now(), 'PX', Math.ceil(everyMs * 0.9), 'NX')
      if (isOurs === 'OK') await sweepOnce(options, stopping.signal)
    } catch (error) {
      log.warn({ reason: messageOf(error) }, 'what nobody needs any more stays in Redis until the next sweep')
    }
    if (!stopping.signal.aborted) timer = setTimeout(turn, everyMs)
  }
  let timer = setTimeout(turn, Math.min(everyMs, 10_000) * Math.random())
  return () => {
    stopping.abort()
    clearTimeout(timer)
  }
}

async function sweepOnce(
  { redis, keys, keptMs, rules, repositories, log }: SweepingOptions,
  signal: AbortSignal,
): Promise<void> {
  const known = await repositories.all()
  const names = new Map(known.map(({ id, owner, name }) => [id, `${owner}/${name}`]))
  const isNamed = (repositoryId: number, environment: string) => {
    const name = names.get(repositoryId)
    const ofRepository = name === undefined ? undefined : rules.current.of(name)
    return ofRepository !== undefined && findEnvironment(ofRepository, environment) !== undefined
  }
  const { ids, forgotten } = await sweep(redis, keys, { keptMs, isNamed, signal })
  for (const lane of forgotten) log.info({ lane }, 'an environment that has come and gone is forgotten')
  if (ids > 0) log.debug({ ids }, 'deployments that have run out left the lists')
}
