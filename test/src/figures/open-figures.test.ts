import { Redis } from 'ioredis'
import t from 'tap'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openFigures } from '../../../src/figures/open-figures.ts'
import { testRedis } from '../../fixtures/redis.ts'

t.test('a large record is read page by page, and none is counted twice or left out', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const { outcomes } = deploymentKeys(prefix)
  const now = Date.now()
  const many = 45_001
  const member = (id: number, state: string) => `${id}|42|${state}|1|${now - 60_000}|||production`
  for (let from = 0; from < many; from += 15_000) {
    const length = Math.min(15_000, many - from)
    const pairs = Array.from({ length }, (_, index) => {
      const id = from + index + 1
      return [now - 3_600_000 + id, member(id, id % 10 === 0 ? 'failure' : 'success')] as const
    })
    await redis.zadd(outcomes, ...pairs.flat())
  }
  const { total } = await openFigures(redis, deploymentKeys(prefix)).read(7)
  t.equal(total.deployments, many - Math.floor(many / 10))
  t.equal(total.changes, many)
})
