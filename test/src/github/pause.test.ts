import { Redis } from 'ioredis'
import { pino } from 'pino'
import t from 'tap'
import { GitHubUnavailable } from '../../../src/github/failure.ts'
import { createPause } from '../../../src/github/pause.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { testRedis } from '../../fixtures/redis.ts'

t.test('who begins a pause knows of it at once, and all others soon', async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const log = pino({ level: 'silent' })
  const [one, other] = [createPause(redis, prefix, log), createPause(redis, prefix, log)]
  await Promise.all([one.check(), other.check()])
  await one.begin(new GitHubUnavailable('rate-limited', 'Too many.', { retryAfterMs: 60_000 }))
  await t.rejects(one.check(), { message: /rate-limited/ })
  const isTold = () =>
    other.check().then(
      () => false,
      () => true,
    )
  await eventually(isTold, 'the other knows')
  await t.rejects(other.check(), { message: /rate-limited/ })
})
