import t from 'tap'
import { version } from '../../src/version.ts'
import { isError, startReceiver } from '../fixtures/receiver.ts'
import { ownRedis } from '../fixtures/redis.ts'

t.test('/healthz and /readyz of a receiver whose Redis is as it should be', async (t) => {
  const redis = await ownRedis(t, { persistent: true })
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
  t.match(await receiver.get('/healthz'), { status: 200, body: { status: 'ok', version } })
  const { status, body } = await receiver.get('/readyz')
  t.equal(status, 200)
  t.match(body, {
    status: 'ready',
    version,
    redis: {
      version: /^\d+\.\d+\.\d+$/,
      persistence: 'append-only file',
      maxmemoryPolicy: 'noeviction',
      warnings: [],
    },
  })
})

t.test('/readyz says what is wrong with a Redis that answers', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
  t.match(await receiver.get('/readyz'), {
    status: 200,
    body: { redis: { persistence: 'snapshots only', warnings: [/append-only/] } },
  })
})

t.test('without Redis it is alive, and not ready for a reason', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{test}' } })
  await redis.kill()
  isError(t, await receiver.get('/readyz'), 503, /^Redis cannot be used: /)
  t.equal((await receiver.get('/healthz')).status, 200)
})
