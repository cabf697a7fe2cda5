import { Redis } from 'ioredis'
import t from 'tap'
import { openCallbacks } from '../../../src/callbacks/callbacks.ts'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { tell } from '../../fixtures/told.ts'

t.test('while Redis is away it is to be told again, and then it is kept', async (t) => {
  const own = await ownRedis(t)
  const prefix = '{livraison}'
  const receiver = await startReceiver(t, { redis: { url: own.url, prefix } })
  const redis = new Redis(own.url)
  t.teardown(() => redis.disconnect())
  const callbacks = openCallbacks(redis, deploymentKeys(prefix), prefix)
  await callbacks.open(7, 'token', 60_000)
  const url = `${receiver.url}/callbacks/7/token`
  const body = JSON.stringify({ state: 'success' })

  own.pause()
  const refused = await fetch(url, { method: 'POST', body })
  own.resume()
  t.equal(refused.status, 503)
  t.match(refused.headers.get('retry-after'), /^\d+$/)
  // It may have been kept all the same: then it is known.
  await eventually(async () => [202, 409].includes((await tell(url, body)).status), 'it is kept')
  t.match(await callbacks.read(7), { outcome: { state: 'success', description: '' } })
})
