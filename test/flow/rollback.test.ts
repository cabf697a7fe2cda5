import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { openLanes } from '../../src/deployments/lanes.ts'
import { openLogs } from '../../src/deployments/log.ts'
import { openRecords } from '../../src/deployments/record.ts'
import { rollbackJobId } from '../../src/jobs/job-ids.ts'
import type { Executor } from '../../worker/executors/executor.ts'
import { requestOf } from '../../worker/reconciler/unfinished.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { startHealthServer } from '../fixtures/health-server.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

const failed = ['pending', 'in_progress', 'failure']

/** Merges one more, and gives its deployment once it is over. */
async function mergeOne(fleet: Fleet) {
  const before = fleet.sandbox.deployments(shop).length
  await fleet.merge()
  const deployment = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[before])
  await fleet.finalStates(deployment.id, 60_000)
  return deployment
}

const said = (deployment: { statuses: { description: string }[] }) => deployment.statuses.at(-1)?.description

const logOf = async ({ store, redis }: Fleet, id: number) =>
  (await openLogs(store, deploymentKeys(redis.prefix)).read(id)).map(({ text }) => text)

/** Fails for all commits but those that it is told of; at first, for none. */
function pickyExecutor() {
  let good: string[] | undefined
  const executor: Executor = async ({ deployment: { sha } }) =>
    good && !good.includes(sha)
      ? { state: 'failure', description: 'Exit status 1.' }
      : { state: 'success', description: 'Done.' }
  return {
    executor,
    only(...shas: string[]) {
      good = shas
    },
    all() {
      good = undefined
    },
  }
}

t.test('after a verification that fails, what succeeded last is deployed again', async (t) => {
  const server = await startHealthServer(t)
  const fleet = await startFleet(t, {
    rules: { verify: server.rules({ withinMs: 3000 }), rollback: 'automatic' },
  })
  const { sandbox } = fleet
  const good = await mergeOne(fleet)
  server.answer(503)
  const bad = await mergeOne(fleet)
  server.answer(200)
  t.same(fleet.states(bad.id), failed)
  t.match(said(bad), new RegExp(`^Deployed, but .* Rolling back to ${good.sha.slice(0, 7)}\\.$`))
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  t.match(rollback, {
    sha: good.sha,
    environment: 'production',
    task: 'deploy',
    description: `Rollback of #${bad.id} to ${good.sha.slice(0, 7)}.`,
    payload: { environment: 'production', deploy_user: 'octocat', rollback_of: bad.id },
  })
  t.same(await fleet.finalStates(rollback.id), ['pending', 'in_progress', 'success'])
  t.equal(sandbox.deployments(shop).length, 3)
  t.match((await fleet.receiver.api(`/deployments/${shop}/${bad.id}`)).body, { rolledBackBy: rollback.id })
  t.match((await fleet.receiver.api(`/deployments/${shop}/${rollback.id}`)).body, { rollbackOf: bad.id })
  const words = [/^Rolling back to/, `#${rollback.id} rolls it back to ${good.sha.slice(0, 7)}.`]
  t.match((await logOf(fleet, bad.id)).slice(-2), words)
  t.same(sandbox.violations, [])
})

t.test('a rollback is not held back, needs no CI, and does not go on to what comes after', async (t) => {
  const config = (wait: string) => `repositories:
  acme/shop:
    environments:
      staging: { simulate: 5ms, rollback: automatic, wait: ${wait} }
      production: { after: staging, simulate: 5ms }
`
  const { executor, only, all } = pickyExecutor()
  const fleet = await startFleet(t, { config: config('1s'), rules: { executor } })
  const { sandbox } = fleet
  const good = await mergeOne(fleet)
  const production = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  await fleet.finalStates(production.id)

  only(good.sha)
  await fleet.merge()
  const bad = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  await sandbox.whenever(() => fleet.states(bad.id).includes('queued'))
  await sandbox.createCommitStatus(shop, good.sha, { state: 'failure', context: 'ci/late' })
  t.same(await fleet.finalStates(bad.id), ['pending', 'queued', 'in_progress', 'failure'])
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[3])
  t.match(rollback, { environment: 'staging', sha: good.sha })
  t.same(await fleet.finalStates(rollback.id), ['pending', 'in_progress', 'success'])

  all()
  const next = await fleet.merge()
  const { mergeCommitSha } = sandbox.pullRequest(shop, next)
  const promoted = await sandbox.whenever(() =>
    sandbox
      .deployments(shop)
      .find(({ environment, sha }) => environment === 'production' && sha === mergeCommitSha),
  )
  t.equal(sandbox.deployments(shop).indexOf(promoted), 5, 'nothing was promoted in between')
})

t.test('a rollback that fails is not rolled back', async (t) => {
  const { executor, only } = pickyExecutor()
  const fleet = await startFleet(t, { rules: { executor, rollback: 'automatic' } })
  const { sandbox } = fleet
  const good = await mergeOne(fleet)
  only()
  await mergeOne(fleet)
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  t.same(await fleet.finalStates(rollback.id), failed)
  t.equal(rollback.sha, good.sha)
  t.equal(said(rollback), 'Exit status 1. Not rolled back: it is a rollback itself.')
  const next = await mergeOne(fleet)
  t.equal(said(next), 'Exit status 1. Not rolled back: no other commit has succeeded here.')
  t.notOk((await fleet.receiver.jobIds()).includes(rollbackJobId(rollback.id)))
})

t.test('where something newer waits in the lane, that is deployed instead', async (t) => {
  let end = (_outcome: 'success' | 'failure') => {}
  const executor: Executor = async () => ({
    state: await new Promise<'success' | 'failure'>((resolve) => {
      end = resolve
    }),
    description: 'Over.',
  })
  const fleet = await startFleet(t, { rules: { executor, rollback: 'automatic' } })
  const { sandbox } = fleet
  const begins = async (index: number) => {
    const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[index])
    await sandbox.whenever(() => fleet.states(id).includes('in_progress'))
    return id
  }
  await fleet.merge()
  const good = await begins(0)
  end('success')
  await fleet.finalStates(good)
  await fleet.merge()
  const bad = await begins(1)
  await fleet.merge()
  const newer = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  await sandbox.whenever(() => fleet.states(newer.id).includes('queued'))
  end('failure')
  await fleet.finalStates(bad)
  t.equal(
    said(sandbox.deployments(shop)[1] as never),
    `Over. Not rolled back: #${newer.id} is newer and comes next.`,
  )
  await begins(2)
  end('success')
  t.same(await fleet.finalStates(newer.id), ['pending', 'queued', 'in_progress', 'success'])
  t.equal(sandbox.deployments(shop).length, 3)
})

t.test('whoever is killed while it creates the rollback, there is exactly one', async (t) => {
  const server = await startHealthServer(t)
  const file = join(t.testdir({}), 'livraison.yml')
  const config = `repositories:
  acme/shop:
    environments:
      production:
        simulate: 5ms
        verify: { url: "${server.url}", within: 1s, for: 1s, every: 1s }
        rollback: automatic
`
  writeFileSync(file, config)
  const fleet = await startAlone(t, { config })
  const { sandbox } = fleet
  const lost = startProcess(t, fleet, { CONFIG_FILE: file })
  const good = await mergeOne(fleet)
  await fleet.merge()
  const bad = await sandbox.whenever(() => sandbox.deployments(shop)[1], { timeoutMs: 60_000 })
  server.answer(503)
  // The rollback is created, and its creator dies before it hears of it.
  const fault = sandbox.faults.add({ operation: 'repos/create-deployment', answer: 'drop-after' })
  await fleet.finalStates(bad.id, 60_000)
  await eventually(() => fault.hits > 0, 'it is created', 60_000)
  lost.kill('SIGKILL')
  await once(lost, 'exit')
  sandbox.faults.clear()
  server.answer(200)
  fleet.addWorker()
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[2], { timeoutMs: 60_000 })
  t.same(await fleet.finalStates(rollback.id, 60_000), ['pending', 'in_progress', 'success'])
  await eventually(
    async () => {
      const { body } = await fleet.receiver.api(`/deployments/${shop}/${bad.id}`)
      return body.rolledBackBy === rollback.id
    },
    'it is noted',
    60_000,
  )
  t.equal(rollback.sha, good.sha)
  t.equal(sandbox.deployments(shop).length, 3)
})

t.test('a worker that dies right after the failure has decided: the next one does it', async (t) => {
  const fleet = await startFleet(t)
  const { sandbox, store, redis, receiver } = fleet
  const good = await mergeOne(fleet)
  const keys = deploymentKeys(redis.prefix)
  const records = openRecords(store, keys)
  const lanes = openLanes(store, keys, receiver.queues, 1000)
  await sandbox.push(shop, { message: 'Another commit' })
  sandbox.faults.loseDeliveries({ event: 'deployment', times: 1 })
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment: 'production',
    auto_merge: false,
    required_contexts: [],
  })
  if (!('id' in made)) throw new Error(made.message)

  // All that it had written down by then.
  const record = await eventually(() => records.read(good.id), 'the record of the first')
  const { data } = requestOf({ ...record, id: made.id, sha: made.sha })
  await records.accept(data)
  const entry = await lanes.enter(data, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(data, entry.fence)
  await lanes.finish(data, entry.fence, 'failure', 'It failed.', { rollbackTo: good.sha })

  const lost = sandbox.deliveries().filter(({ event }) => event === 'deployment')[1]
  sandbox.redeliver(lost?.guid ?? '')
  const rollback = await sandbox.whenever(() => sandbox.deployments(shop)[2])
  t.match(rollback, { sha: good.sha, payload: { rollback_of: made.id } })
  t.same(await fleet.finalStates(rollback.id), ['pending', 'in_progress', 'success'])
  t.same(await fleet.finalStates(made.id), failed)
  await eventually(async () => !(await records.read(made.id))?.rollsBack, 'it is done')
  t.equal(sandbox.deployments(shop).length, 3)
})
