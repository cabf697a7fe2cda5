// Slack was told that something is taken: that it is done, and answered, though the receiver that took it goes.
import t, { type Test } from 'tap'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'
import { startReceiver } from '../fixtures/receiver.ts'
import { testRules } from '../fixtures/rules.ts'
import { sendSigned, shownBy, startWorkspace } from '../fixtures/slack-workspace.ts'

const config = `
people: [{ github: dora, slack: U0DORA }]
access: { roles: { deployer: [dora] } }
repositories:
  acme/shop: { environments: { staging: { on: manual, simulate: 5ms } } }
`

/** Somebody asks for a deployment, and Slack does not take the answer. */
async function start(t: Test) {
  const slack = await startWorkspace(t)
  const fleet = await startFleet(t, { config, slack: { ...slack.settings, firstWaitMs: 60_000 } })
  const { sandbox, receiver, store, redis } = fleet
  await sandbox.push(shop, { message: 'So that the repository is known' })
  await eventually(() => store.hlen(`${redis.prefix}:repositories`), 'the repository is known')
  const answers = () => slack.asked.filter(({ path }) => path.startsWith('/response/')).length
  return {
    ...{ slack, fleet },
    async ask() {
      const form = slack.command('/deploy', 'shop to staging')
      const { status } = await sendSigned(`${receiver.url}/slack/commands`, form)
      t.equal(status, 200)
      await eventually(() => answers() === 1, 'an answer that Slack does not take')
      const kept = await store.hvals(`${redis.prefix}:slack:taken`)
      t.equal(kept.length, 1)
      t.notOk(
        kept.some((each) => /response|dora|staging/i.test(each)),
        'what is kept cannot be read',
      )
      return form
    },
    another: () =>
      startReceiver(t, {
        redis,
        sandbox,
        rules: testRules(config),
        slack: { ...slack.settings, lookMs: 50 },
      }),
    async isAnsweredOnce() {
      const [shown] = [shownBy(await slack.hears(1))]
      const [id] = sandbox.deployments(shop).map((each) => each.id)
      t.match(shown, new RegExp(`^@U0DORA: .*#${id} of main .* to staging of acme/shop`))
      t.equal(sandbox.deployments(shop).length, 1, 'one deployment')
      await eventually(async () => (await store.hlen(`${redis.prefix}:slack:taken`)) === 0, 'it is forgotten')
      t.equal(await store.zcard(`${redis.prefix}:slack:taken-leases`), 0)
      t.equal(slack.said.length, 1)
    },
  }
}

t.test('a receiver that ends leaves what it could not answer to the next', async (t) => {
  const { slack, fleet, ask, another, isAnsweredOnce } = await start(t)
  // One that ends tries once more.
  slack.fail({ kind: 'answer', status: 500 }, { kind: 'answer', status: 500 })
  const form = await ask()
  await fleet.receiver.app.close()
  const next = await another()
  await isAnsweredOnce()
  await sendSigned(`${next.url}/slack/commands`, form)
  await next.app.close()
  t.equal(slack.said.length, 1, 'what Slack sends once more is known')
})

t.test('another takes over what a receiver died with', async (t) => {
  const { slack, fleet, ask, another, isAnsweredOnce } = await start(t)
  slack.fail({ kind: 'answer', status: 500 })
  await ask()
  const leases = `${fleet.redis.prefix}:slack:taken-leases`
  await another()
  t.equal(slack.said.length, 0, 'not while it may be alive')
  // As if a minute had gone by without a sign of it.
  for (const id of await fleet.store.zrange(leases, '0', '-1')) await fleet.store.zadd(leases, 0, id)
  await isAnsweredOnce()
})

t.test('what nobody waits for any more is not done', async (t) => {
  const { slack, fleet, ask, another } = await start(t)
  slack.fail({ kind: 'answer', status: 500 }, { kind: 'answer', status: 500 })
  await ask()
  await fleet.receiver.app.close()
  const taken = `${fleet.redis.prefix}:slack:taken`
  for (const [id, noted] of Object.entries(await fleet.store.hgetall(taken))) {
    const { at, ...rest } = JSON.parse(noted)
    await fleet.store.hset(taken, id, JSON.stringify({ ...rest, at: at - 31 * 60_000 }))
  }
  await another()
  await eventually(async () => (await fleet.store.hlen(taken)) === 0, 'it is forgotten')
  t.equal(slack.said.length, 0)
})
