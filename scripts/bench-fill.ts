// npm run bench:fill: fills an empty Redis with environments and deployments, to look at and to measure.
import { parseArgs } from 'node:util'
import { Redis } from 'ioredis'
import { deploymentKeys } from '../src/deployments/keys.ts'
import { gitHubComPrefix } from '../src/redis/key-prefix.ts'
import { fill } from './bench/fill.ts'

const usage = `npm run bench:fill -- --redis redis://127.0.0.1:6379     fills an empty Redis

  --redis URL        where (REDIS_URL)
  --environments N   how many environments (500)
  --deployments N    how many deployments (20000)
  --days N           over how many days (90)
  --seed N           of what looks like chance (1)`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h' },
    redis: { type: 'string', default: process.env.REDIS_URL ?? '' },
    environments: { type: 'string', default: '500' },
    deployments: { type: 'string', default: '20000' },
    days: { type: 'string', default: '90' },
    seed: { type: 'string', default: '1' },
  },
})
if (values.help || values.redis === '') console.log(usage)
else process.exitCode = await main()

async function main(): Promise<number> {
  const redis = new Redis(values.redis)
  try {
    if ((await redis.exists(deploymentKeys(gitHubComPrefix).all)) === 1) {
      console.error('There are deployments in this Redis already: name an empty one.')
      return 1
    }
    const { lanes, deployments } = await fill(redis, gitHubComPrefix, {
      environments: Number(values.environments),
      deployments: Number(values.deployments),
      days: Number(values.days),
      seed: Number(values.seed),
      now: Date.now(),
    })
    console.log(`${lanes.length} environments and ${deployments.length} deployments are in ${values.redis}.`)
    return 0
  } finally {
    redis.disconnect()
  }
}
