// Two GitHubs at once, on one Redis, whose repositories have the same ids and names.
import t, { type Test } from 'tap'
import { contentTypes } from '../fixtures/deliveries.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { deliverTo } from '../fixtures/receiver.ts'
import { ownRedis } from '../fixtures/redis.ts'

t.setTimeout(120_000)

async function startBoth(t: Test): Promise<[Fleet, Fleet]> {
  const { url } = await ownRedis(t)
  const edition = { enterpriseVersion: '3.19.0' }
  const work = { SIMULATED_WORK_SECONDS: '0' }
  const one = await startFleet(t, { redis: { url }, settings: work })
  const other = await startFleet(t, { redis: { url }, settings: work, sandbox: { edition } })
  return [one, other]
}

async function deploymentOf({ sandbox }: Fleet) {
  const first = () => sandbox.deployments(shop)[0]
  return (await sandbox.whenever(first, { what: 'a deployment', timeoutMs: 30_000 })) ?? { id: 0, sha: '' }
}

t.test('each deploys its own, and neither sees the other', async (t) => {
  const [one, other] = await startBoth(t)
  t.equal(one.sandbox.repository(shop).id, other.sandbox.repository(shop).id, 'the same ids')
  t.not(one.redis.prefix, other.redis.prefix)
  t.equal(one.redis.url, other.redis.url)

  t.equal(await one.merge(), await other.merge(), 'the same numbers')
  const [here, there] = [await deploymentOf(one), await deploymentOf(other)]
  t.equal(here.id, there.id, 'the same deployments')
  t.equal((await one.finalStates(here.id, 30_000)).at(-1), 'success')
  t.equal((await other.finalStates(there.id, 30_000)).at(-1), 'success')
  for (const { sandbox } of [one, other]) {
    t.equal(sandbox.deployments(shop).length, 1)
    t.strictSame(sandbox.violations, [])
  }
  for (const [fleet, sha] of [
    [one, here.sha],
    [other, there.sha],
  ] as const) {
    const { body } = await fleet.receiver.api('/deployments')
    t.match(body, { deployments: [{ sha, repository: shop }] })
    t.match((await fleet.receiver.api(`/deployments/${shop}/${here.id}`)).body, { sha })
  }
  const keys = await one.store.keys('*')
  const owners = [one, other].map(({ redis }) => redis.prefix)
  t.strictSame(
    keys.filter((key) => !owners.some((prefix) => key.startsWith(`${prefix}:`))),
    [],
    'nothing lies outside',
  )

  // A lock of one is none of the other's.
  t.equal((await one.receiver.act('PUT', `/locks/${shop}/production`, { reason: 'One only.' })).status, 200)
  t.match((await other.receiver.api(`/locks/${shop}/production`)).body, { lock: null })
})

t.test('a delivery of the other is ignored, in words, and leaves nothing of itself', async (t) => {
  const [one, other] = await startBoth(t)
  for (const [to, from] of [
    [one, other],
    [other, one],
  ] as const) {
    await from.merge('Not yours')
    const sent = await eventually(
      () =>
        from.sandbox
          .deliveries()
          .find(({ event, action }) => event === 'pull_request' && action === 'closed'),
      'the delivery',
    )
    const body = Buffer.from(JSON.stringify(sent.payload))
    const answer = await deliverTo(to.receiver.url, {
      headers: { ...sent.requestHeaders, 'Content-Type': contentTypes.json },
      body,
    })
    t.equal(answer.status, 200)
    t.match(answer.body, {
      outcome: 'ignored',
      reason: /^It is from 127\.0\.0\.1.*this receiver is for 127\.0\.0\.1/,
    })
    t.match((await to.receiver.api('/deliveries?outcome=ignored')).body, {
      deliveries: [{ reason: /GITHUB_SERVER_URL/, repository: null }],
    })
  }
})
