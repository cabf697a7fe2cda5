import t, { type Test } from 'tap'
import { type Fleet, shop, startFleet } from '../../fixtures/fleet.ts'
import { nothing, openHealer } from './healer.ts'

/** A fleet without workers, that has got the first delivery of its hook, and then loses all merges. */
async function startDeaf(t: Test): Promise<Fleet & { loseMerge(title?: string): Promise<number> }> {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox, merge } = fleet
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  const loseMerge = async (title?: string) => {
    const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', unrecorded: true, times: 2 })
    const number = await merge(title)
    await sandbox.whenever(() => loss.hits === 2)
    return number
  }
  return { ...fleet, loseMerge }
}

t.test(
  'where the token may not read hooks, that is said once and the merges are found all the same',
  async (t) => {
    const fleet = await startDeaf(t)
    const healer = openHealer(t, fleet)
    const message = 'Resource not accessible by personal access token'
    const fault = { operation: 'repos/list-webhooks', times: 1 }
    for (const status of [403, 404, 403])
      fleet.sandbox.faults.add({ ...fault, answer: { status, body: { message } } })
    t.same(await healer.heal(), nothing)
    const number = await fleet.loseMerge()
    t.same((await healer.heal()).merges, [number])
    t.same(await healer.heal(), nothing)
    const lines = healer.log.filter(({ msg }) => /may not read the webhooks/.test(msg))
    t.equal(lines.length, 1)
    t.match(lines[0], { repository: shop, reason: /GitHub answered 403 to GET/ })
  },
)

t.test('where it may not read pull requests, their lost deliveries are asked for', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox, merge, receiver } = fleet
  const healer = openHealer(t, fleet)
  sandbox.faults.add({ operation: 'pulls/list', answer: { status: 403, body: { message: 'No' } } })
  const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  await merge()
  await sandbox.whenever(() => loss.hits === 2)
  const healed = await healer.heal()
  t.same(healed.merges, [])
  t.equal(healed.redelivered.length, 2)
  await sandbox.whenever(
    () => sandbox.deliveries().filter(({ redelivery, status }) => redelivery && status).length === 2,
  )
  t.match((await receiver.jobIds())[0], /^merge-/)
})

t.test('a repository that was renamed is found by its id', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox } = fleet
  const healer = openHealer(t, fleet)
  sandbox.renameRepository(shop, 'store')
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const loss = sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  const { number } = await sandbox.openPullRequest('acme/store')
  await sandbox.mergePullRequest('acme/store', number)
  await sandbox.whenever(() => loss.hits === 2)
  const healed = await healer.heal()
  t.same(healed.merges, [number])
  t.equal(healed.redelivered.length, 1)
  const [job] = await healer.queues.events.getJobs()
  t.match(job?.data.repository, { id: sandbox.repository('acme/store').id, owner: 'acme', name: 'store' })
  t.same(sandbox.violations, [])
})

t.test('of a repository that is gone, that is said once', async (t) => {
  const fleet = await startDeaf(t)
  const healer = openHealer(t, fleet)
  await fleet.sandbox.deleteRepository(shop)
  t.same(await healer.heal(), nothing)
  t.same(await healer.heal(), nothing)
  t.equal(healer.log.filter(({ msg }) => /a repository is gone/.test(msg)).length, 1)
})

t.test('merges from before the first delivery are not deployed', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox, receiver, store, redis } = fleet
  await sandbox.whenever(() => sandbox.deliveries()[0]?.status === 'OK')
  const healer = openHealer(t, fleet)
  const [hook] = sandbox.hooksOf(shop)
  const loss = sandbox.faults.loseDeliveries({ unrecorded: true })
  await fleet.merge()
  await sandbox.createDeployment(shop, { ref: 'main', environment: 'staging' })
  await sandbox.whenever(() => loss.hits >= 3)
  // As if the hook had come to be, and with it the first delivery, a second after all that.
  const later = Date.now() + 1000
  for (const delivery of hook?.deliveries ?? []) delivery.at = later
  await store.hset(`${redis.prefix}:repositories:since`, String(sandbox.repository(shop).id), later)
  t.same(await healer.heal(), nothing)
  t.same(await receiver.jobIds(), [])
})

t.test('a hook that was switched off, or taken away, is meant', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox, receiver } = fleet
  const healer = openHealer(t, fleet)
  t.same(await healer.heal(), nothing)
  const [hook] = sandbox.hooksOf(shop)
  if (hook) hook.active = false
  await fleet.merge()
  await sandbox.createDeployment(shop, { ref: 'main' })
  t.same(await healer.heal(), nothing, 'switched off')
  if (hook) Object.assign(hook, { active: true, events: ['push'] })
  t.same(await healer.heal(), nothing, 'not subscribed to these events')
  sandbox.hooksOf(shop).length = 0
  t.same(await healer.heal(), nothing, 'taken away')
  t.same(await receiver.jobIds(), [])
})

t.test('a merge that a newer one has overtaken is left, and that is said once', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox, receiver } = fleet
  const healer = openHealer(t, fleet)
  const lost = await fleet.loseMerge('Lost')
  const newer = await fleet.merge('Newer')
  // GitHub's times are to the second.
  const pull = sandbox.pullRequest(shop, newer)
  pull.mergedAt = (pull.mergedAt ?? 0) + 1000
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  t.match(await receiver.jobIds(), [new RegExp(`^merge-\\d+-${newer}$`)])
  t.same(await healer.heal(), nothing)
  t.same(await healer.heal(), nothing)
  const lines = healer.log.filter(({ msg }) => /a merge was missed, and is left/.test(msg))
  t.match(lines, [{ pullRequest: lost, by: newer }])
  t.equal(lines.length, 1)
})

t.test('a merge that is part of what was deployed since is left', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox } = fleet
  const healer = openHealer(t, fleet)
  await fleet.loseMerge()
  const made = await sandbox.createDeployment(shop, { ref: 'main' })
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  t.ok('id' in made)
  t.same(await healer.heal(), nothing)
  t.equal(healer.log.filter(({ msg }) => /is part of what was deployed since/.test(msg)).length, 1)
  t.same(sandbox.violations, [])
})

t.test("other systems' deployments are left to them", async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox, receiver } = fleet
  const healer = openHealer(t, fleet)
  sandbox.faults.loseDeliveries({ event: 'deployment', unrecorded: true })
  await sandbox.createDeployment(shop, { ref: 'main', environment: 'ci', workflowRun: true })
  await sandbox.createDeployment(shop, { ref: 'main', environment: 'bot', user: 'shipper[bot]' })
  const made = await sandbox.createDeployment(shop, { ref: 'main', environment: 'by-hand' })
  await sandbox.createDeploymentStatus(shop, 'id' in made ? made.id : 0, { state: 'in_progress' })
  t.same(await healer.heal(), nothing)
  t.notOk((await receiver.jobIds()).some((id) => id.startsWith('deployment-')))
})

t.test('a pass ends when GitHub is to be spared, and the next one goes on', async (t) => {
  const fleet = await startDeaf(t)
  const { sandbox, store, redis } = fleet
  const number = await fleet.loseMerge()
  const resetIn = (seconds: number) => String(Math.ceil(Date.now() / 1000) + seconds)
  const little = { 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '499' }

  await t.test('little of the rate limit is left', async (t) => {
    const healer = openHealer(t, fleet)
    const headers = { ...little, 'x-ratelimit-reset': resetIn(600) }
    const answer = { status: 200, headers, body: [] }
    sandbox.faults.add({ operation: 'repos/list-webhooks', times: 1, answer })
    t.match(await healer.pass(), { outcome: 'ended', reason: /Less than a tenth/ })
    const asked = sandbox.requests.length
    t.match(await healer.pass(), { outcome: 'ended', reason: /Less than a tenth/ })
    t.equal(sandbox.requests.length, asked, 'the whole fleet knows')
    await store.del(`${redis.prefix}:github:low`)
  })
  await t.test('it was reached', async (t) => {
    const healer = openHealer(t, fleet)
    const headers = { 'retry-after': '60' }
    sandbox.faults.add({ operation: 'repos/get', times: 1, answer: { status: 429, headers, body: {} } })
    t.match(await healer.pass(), { outcome: 'ended', reason: /429/ })
    t.match(await healer.pass(), { outcome: 'ended', reason: /left alone/ })
    await store.del(`${redis.prefix}:github:pause`)
  })
  await t.test('it has trouble', async (t) => {
    const healer = openHealer(t, fleet)
    sandbox.faults.add({ operation: 'repos/list-deployments', times: 1, answer: 'reset-before' })
    t.match(await healer.pass(), { outcome: 'ended', reason: /could not be reached/ })
  })
  await t.test('a pass has made its calls', async (t) => {
    const healer = openHealer(t, fleet, { mostCalls: 3 })
    t.match(await healer.pass(), { outcome: 'ended', reason: /at most 3 calls/ })
  })
  await t.test('and then it gets through', async (t) => {
    t.same((await openHealer(t, fleet).heal()).merges, [number])
  })
})
