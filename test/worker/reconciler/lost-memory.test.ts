import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { startRedis } from '../../../scripts/private-redis.ts'
import { deploymentKeys } from '../../../src/deployments/keys.ts'
import { openRecords } from '../../../src/deployments/record.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { nothing, openHealer } from './healer.ts'

const prefix = '{livraison}'

t.test('a merge that was acknowledged in the last second of a Redis that died is brought back', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'livraison-cut-'))
  t.teardown(() => rmSync(dir, { recursive: true, force: true }))
  let redis = await startRedis({ persistent: true, dir })
  t.teardown(() => redis.close())
  const { url, port } = redis
  const fleet = await startFleet(t, { workers: 0, redis: { url, prefix } })
  const { sandbox, receiver, finalStates } = fleet
  const { number } = await sandbox.openPullRequest(shop)
  const isToldOf = (action: string) => () => {
    const deliveries = sandbox.deliveries()
    return (
      deliveries.some((each) => each.action === action) && deliveries.every(({ status }) => status === 'OK')
    )
  }
  await sandbox.whenever(isToldOf('opened'))

  const aof = join(dir, 'appendonlydir')
  const file = join(aof, readdirSync(aof).find((name) => name.endsWith('.incr.aof')) ?? '')
  const kept = statSync(file).size
  await sandbox.mergePullRequest(shop, number)
  await sandbox.whenever(isToldOf('closed'))
  t.ok(
    (await receiver.jobIds()).some((id) => id.startsWith('merge-')),
    'the merge was acknowledged',
  )
  await redis.kill()
  truncateSync(file, kept)
  redis = await startRedis({ persistent: true, dir, port })
  t.same(await eventually(() => receiver.jobIds().catch(() => undefined), 'Redis to be back'), [])

  const healer = openHealer(t, fleet)
  t.same(await healer.heal(), { ...nothing, merges: [number] })
  fleet.addWorker()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await finalStates(deployment.id), ['pending', 'in_progress', 'success'])
  t.same(await healer.heal(), nothing)
})

t.test('a Redis that forgot everything is told again by the next delivery', async (t) => {
  const { url } = await ownRedis(t)
  const fleet = await startFleet(t, { workers: 0, redis: { url, prefix } })
  const { sandbox, receiver, merge, finalStates, store } = fleet
  const healer = openHealer(t, fleet)
  const number = await merge()
  await eventually(async () => (await receiver.jobIds()).length > 0, 'the merge to be acknowledged')
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  await store.flushall()
  t.same(await healer.heal(), nothing, 'no repository is known')
  await sandbox.push(shop)
  await eventually(() => store.hlen(`${prefix}:repositories`), 'the repository to be known again')
  t.same((await healer.heal()).merges, [number])
  const worker = fleet.addWorker()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await finalStates(deployment.id)
  await worker.close()

  await store.flushall()
  await sandbox.push(shop)
  await eventually(() => store.hlen(`${prefix}:repositories`), 'the repository to be known once more')
  t.same(await healer.heal(), { ...nothing, restored: [deployment.id] }, 'GitHub remembers what is done')
  t.same(await healer.heal(), nothing)
  t.same(await receiver.jobIds(), [], 'nothing runs again')
  t.same(sandbox.violations, [])
})

t.test(
  'what is deployed is read back from GitHub where Redis is empty, and goes on from there',
  async (t) => {
    const { url } = await ownRedis(t)
    const config = `
repositories:
  acme/shop:
    environments:
      staging: { simulate: 0s }
      production: { simulate: 0s, after: staging }
      never: { simulate: 0s, on: manual }`
    const fleet = await startFleet(t, { redis: { url, prefix }, config })
    const { sandbox, receiver, merge, finalStates, store } = fleet
    const deployedBy = async (count: number) => {
      await merge()
      const made = await sandbox.whenever(() => {
        const all = sandbox.deployments(shop)
        return all.length === count ? all : undefined
      })
      for (const { id } of made) t.ok((await finalStates(id)).includes('success'))
      return made.slice(-2)
    }
    const before = await deployedBy(2)
    const latest = await deployedBy(4)
    await sandbox.whenever(() => before.every(({ id }) => fleet.states(id).includes('inactive')))
    const standing = async () => {
      const { body } = await receiver.api(`/overview?repository=${shop}`)
      return JSON.stringify(body)
    }
    await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
    await store.flushall()
    for (const { sha } of latest) t.notOk((await standing()).includes(sha), 'it is forgotten')

    const healer = openHealer(t, fleet)
    const healed = await healer.heal()
    t.same(healed.restored.toSorted(), latest.map(({ id }) => id).toSorted(), 'though nothing has come since')
    t.same({ ...healed, restored: [] }, nothing, 'and nothing is run again')
    for (const { id, sha } of latest) {
      t.ok((await standing()).includes(sha))
      t.match((await receiver.api(`/deployments/${shop}/${id}`)).body, { state: 'success', sha })
    }
    t.same(await healer.heal(), nothing)
    await deployedBy(6)
    t.equal(sandbox.deployments(shop).length, 6, 'the next merge goes its way')
    t.same(sandbox.violations, [])
  },
)

t.test('a delivery that is sent again does not hide what is deployed', async (t) => {
  const { url } = await ownRedis(t)
  const fleet = await startFleet(t, { redis: { url, prefix } })
  const { sandbox, receiver, merge, finalStates, store } = fleet
  const deploy = async (count: number) => {
    await merge()
    const deployment = await sandbox.whenever(() => {
      const all = sandbox.deployments(shop)
      return all.length === count ? all.at(-1) : undefined
    })
    await finalStates(deployment.id)
    return deployment
  }
  const first = await deploy(1)
  const second = await deploy(2)
  await sandbox.whenever(() => fleet.states(first.id).includes('inactive'))
  await sandbox.whenever(() => sandbox.deliveries().every(({ status }) => status === 'OK'))
  const made = sandbox.deliveries().filter(({ event }) => event === 'deployment')
  await store.flushall()
  for (const { id } of made) await sandbox.redeliver(id)
  const state = async (id: number) => (await receiver.api(`/deployments/${shop}/${id}`)).body.state
  await eventually(async () => (await state(second.id)) === 'success', 'it is known from GitHub')
  await eventually(async () => (await state(first.id)) === 'inactive', 'the one before, too')

  const healer = openHealer(t, fleet)
  t.same((await healer.heal()).restored, [second.id])
  const { body } = await receiver.api(`/overview?repository=${shop}`)
  t.match(body, { environments: [{ current: { id: second.id, sha: second.sha }, health: 'deployed' }] })
  t.same(await healer.heal(), nothing)
  t.same(sandbox.violations, [])
})

t.test('a deployment whose job was lost is queued again', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox, receiver, finalStates } = fleet
  const healer = openHealer(t, fleet)
  const { queues } = healer
  const made = await sandbox.createDeployment(shop, { ref: 'main' })
  const id = 'id' in made ? made.id : 0
  const job = `deployment-${id}`
  await eventually(() => queues.deployments.getJob(job), 'the job')

  t.same(await healer.heal(), nothing, 'what is queued is left alone')
  await queues.deployments.remove(job)
  t.same((await healer.heal()).deployments, [id], 'although it is remembered that it was asked for')
  t.same(await receiver.jobIds(), [job])
  await healer.redis.del(`${fleet.redis.prefix}:asked:${job}`)
  t.same(await healer.heal(), nothing, 'and where only that was forgotten, the job is there')

  const data = (await queues.deployments.getJob(job))?.data
  await openRecords(healer.redis, deploymentKeys(fleet.redis.prefix)).accept(data)
  await queues.deployments.remove(job)
  t.same((await healer.heal()).unfinished, [id], 'from its record')
  t.strictSame((await queues.deployments.getJob(job))?.data, data)

  fleet.addWorker()
  t.same(await finalStates(id), ['pending', 'in_progress', 'success'])
  await eventually(async () => (await queues.deployments.getJob(job))?.isCompleted(), 'the job to end')
  t.same(await healer.heal(), nothing)

  await healer.redis.hset(deploymentKeys(fleet.redis.prefix).record(id), 'state', 'in_progress')
  t.same((await healer.heal()).unfinished, [id], 'a job that ended before its deployment did is begun again')
  await eventually(async () => (await queues.deployments.getJob(job))?.isCompleted(), 'the job to end again')
  t.same(sandbox.violations, [])
})
