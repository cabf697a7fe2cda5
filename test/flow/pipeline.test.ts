import t from 'tap'
import { openHeld } from '../../src/deployments/held.ts'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { openRecords } from '../../src/deployments/record.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'

const recordsOf = ({ store, redis }: Fleet) => openRecords(store, deploymentKeys(redis.prefix))

async function deploy({ sandbox }: Fleet, environment = 'production') {
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment,
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in made)) throw new Error(made.message)
  return made.id
}

const config = (wait: string, more = '') => `repositories:
  acme/shop:
    environments:
      staging: { simulate: 5ms }
      production: { after: staging, simulate: 5ms, wait: ${wait}${more} }
`

const latest = ({ sandbox }: Fleet, id: number) =>
  sandbox
    .deployments(shop)
    .find((each) => each.id === id)
    ?.statuses.at(-1)?.description

t.test('a merge goes to staging, is held back for its time, and goes on to production', async (t) => {
  const fleet = await startFleet(t, { config: config('1s'), workers: 2 })
  const { sandbox } = fleet
  await fleet.merge()
  const production = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.equal(production.environment, 'production')
  t.equal(production.sha, sandbox.deployments(shop)[0]?.sha)
  t.same(await fleet.finalStates(production.id), ['pending', 'queued', 'in_progress', 'success'])
  t.match(production.statuses[1]?.description, /^Held back for 1 s, until 20\d\d-.. ?.* UTC\.$/)
  const record = await recordsOf(fleet).read(production.id)
  t.ok((record?.startedAt ?? 0) - (record?.acceptedAt ?? 0) >= 1000, 'from when it was accepted')
})

t.test('deployments that keep coming do not starve each other', async (t) => {
  const fleet = await startFleet(t, { workers: 2, rules: { waitMs: 1000 } })
  const first = await deploy(fleet)
  const all = () => fleet.sandbox.deployments(shop).map(({ id }) => fleet.states(id))
  const isOver = () => all().some((states) => states.includes('success'))
  let made = 0
  while (!isOver() && made < 200) {
    const id = await deploy(fleet)
    await fleet.sandbox.whenever(() => fleet.states(id).includes('queued') || isOver())
    made += 1
  }
  t.ok(made > 2, 'others came meanwhile')
  // Those that are ready at once give way to the newest of them; one of them is deployed all the same.
  t.ok(isOver(), 'and yet one is deployed')
  t.same(fleet.states(first).slice(0, 2), ['pending', 'queued'])
})

t.test('what holds a deployment back is told, and whoever ends it wakes it at once', async (t) => {
  const fleet = await startFleet(t, { config: config('1h') })
  const id = await deploy(fleet)
  await fleet.sandbox.whenever(() => fleet.states(id).includes('queued'))
  const why = await eventually(async () => {
    const { body } = await fleet.receiver.api(`/why/${shop}/production`)
    return (body.held as unknown[]).length > 0 && body
  }, 'it is told')
  t.match(why, {
    summary: `nothing runs and #${id} is held back`,
    held: [
      {
        text: new RegExp(`^#${id} of .{7} has been held back for \\d+ s: Held back for 1 h, until`),
        reasons: [/^Held back for/],
        deployment: { id },
      },
    ],
    waiting: [],
    running: null,
  })

  fleet.rules.put(config('1s'))
  const held = openHeld(fleet.store, deploymentKeys(fleet.redis.prefix), fleet.receiver.queues)
  const repositoryId = fleet.sandbox.repository(shop).id
  await eventually(async () => {
    await held.wake(repositoryId, 'production')
    return fleet.states(id).includes('success')
  }, 'it is deployed')
  t.same(await held.list(repositoryId, 'production'), [])
})

t.test('a newer one that begins replaces those that are held, at once', async (t) => {
  const fleet = await startFleet(t, { config: config('1h') })
  const older = await deploy(fleet)
  await fleet.sandbox.whenever(() => fleet.states(older).includes('queued'))
  fleet.rules.put(config('1s'))
  const newer = await deploy(fleet)
  t.match(await fleet.finalStates(newer), ['pending', 'queued', 'in_progress', 'success'])
  t.same(await fleet.finalStates(older), ['pending', 'queued', 'inactive'])
  t.equal(latest(fleet, older), `Superseded by #${newer}.`)
})

t.test('an environment that is no more ends what it held', async (t) => {
  const fleet = await startFleet(t, { config: config('1h') })
  const id = await deploy(fleet)
  await fleet.sandbox.whenever(() => fleet.states(id).includes('queued'))
  fleet.rules.put('repositories: { acme/shop: { environments: { staging: { simulate: 5ms } } } }')
  const held = openHeld(fleet.store, deploymentKeys(fleet.redis.prefix), fleet.receiver.queues)
  await held.wake(fleet.sandbox.repository(shop).id, 'production')
  t.same(await fleet.finalStates(id), ['pending', 'queued', 'error'])
  t.match(await held.list(fleet.sandbox.repository(shop).id, 'production'), [])
})
