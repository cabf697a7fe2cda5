import t from 'tap'
import { shop, startFleet } from '../../fixtures/fleet.ts'
import { nothing, openHealer } from './healer.ts'

t.test('a merge whose delivery was lost is deployed', async (t) => {
  for (const unrecorded of [false, true]) {
    t.test(unrecorded ? 'unknown to GitHub' : 'as GitHub has written down', async (t) => {
      const fleet = await startFleet(t)
      const { sandbox, merge, finalStates } = fleet
      const healer = openHealer(t, fleet)
      await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
      const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', unrecorded })
      const number = await merge()
      await sandbox.whenever(() => loss.hits === 2)
      sandbox.faults.clear()
      t.same((await healer.heal()).merges, [number])
      const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
      t.match(deployment, { payload: { pull_request: number }, environment: 'production' })
      t.same(await finalStates(deployment.id), ['pending', 'in_progress', 'success'])
      t.same(await healer.heal(), nothing)
      t.equal(sandbox.deployments(shop).length, 1)
      t.same(sandbox.violations, [])
    })
  }
})

t.test('a deployment whose delivery was lost is run', async (t) => {
  for (const unrecorded of [false, true]) {
    t.test(unrecorded ? 'unknown to GitHub' : 'as GitHub has written down', async (t) => {
      const fleet = await startFleet(t)
      const { sandbox, merge, finalStates } = fleet
      const healer = openHealer(t, fleet)
      sandbox.faults.loseDeliveries({ event: 'deployment', unrecorded })
      await merge()
      const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
      await sandbox.whenever(() => sandbox.requests.at(-1)?.status === 201)
      sandbox.faults.clear()
      const healed = await healer.heal()
      t.same(healed.deployments, [deployment.id])
      t.equal(healed.redelivered.length, unrecorded ? 0 : 1)
      t.same(await finalStates(deployment.id), ['pending', 'in_progress', 'success'])
      t.same(await healer.heal(), nothing)
      t.same(sandbox.violations, [])
    })
  }
})

t.test('a lost delivery is asked for once in an hour, and no more once it has arrived', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox } = fleet
  const healer = openHealer(t, fleet)
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  sandbox.faults.loseDeliveries({ event: 'pull_request' })
  const { number } = await sandbox.openPullRequest(shop)
  await sandbox.closePullRequest(shop, number)
  const attempts = () => sandbox.deliveries().filter(({ event }) => event === 'pull_request')
  await sandbox.whenever(() => attempts().filter(({ status }) => status !== null).length === 2)
  t.equal((await healer.heal()).redelivered.length, 1, 'what was closed is left to the look at the merges')
  await sandbox.whenever(() => attempts().filter(({ status }) => status !== null).length === 3)
  t.same(await healer.heal(), nothing, 'it was lost again, and the hour is not over')
  sandbox.faults.clear()
  for (const key of await healer.redis.keys(`${fleet.redis.prefix}:reconciler:redelivery:*`)) {
    await healer.redis.del(key)
  }
  t.equal((await healer.heal()).redelivered.length, 1, 'an hour later')
  await sandbox.whenever(() => attempts().some(({ status, redelivery }) => redelivery && status === 'OK'))
  for (const key of await healer.redis.keys(`${fleet.redis.prefix}:reconciler:redelivery:*`)) {
    await healer.redis.del(key)
  }
  t.same(await healer.heal(), nothing)
  t.same(sandbox.violations, [])
})

t.test('however often and by however many it is looked for, nothing is deployed twice', async (t) => {
  const fleet = await startFleet(t, { workers: 2 })
  const { sandbox, merge, finalStates } = fleet
  const healers = [openHealer(t, fleet), openHealer(t, fleet), openHealer(t, fleet)]
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  sandbox.faults.loseDeliveries({ event: 'pull_request' })
  sandbox.faults.loseDeliveries({ event: 'deployment', times: 1 })
  const numbers = [await merge('One'), await merge('Two'), await merge('Three')]
  sandbox.faults.clear()
  // Were they not made in turn, the first would now be the last.
  sandbox.faults.add({ operation: 'repos/create-deployment', times: 1, answer: { delayMs: 300 } })
  const outcomes = (await Promise.all(healers.map((healer) => healer.pass()))).map(({ outcome }) => outcome)
  t.equal(outcomes.filter((outcome) => outcome === 'done').length, 1)
  t.equal(outcomes.filter((outcome) => outcome === 'busy').length, 2)
  await sandbox.whenever(() => sandbox.deployments(shop).length === 3)
  const deployments = [...sandbox.deployments(shop)]
  for (const healer of [...healers, ...healers]) await healer.pass()
  const states = await Promise.all(deployments.map(({ id }) => finalStates(id)))
  for (const healer of healers) await healer.pass()
  t.same(
    deployments.map(({ payload }) => (payload as { pull_request: number }).pull_request),
    numbers,
    'in the order of the merges',
  )
  t.ok(
    states.slice(0, 2).every((each) => ['success', 'inactive'].includes(each.at(-1) ?? '')),
    'older ones ran or were superseded',
    { states },
  )
  t.equal(states.at(-1)?.at(-1), 'success')
  t.ok(states.every((each) => each.filter((state) => state === 'in_progress').length <= 1))
  t.equal(sandbox.deployments(shop).length, 3)
  t.same(sandbox.violations, [])
})
