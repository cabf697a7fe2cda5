import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openWorkers } from '../../../src/workers/roster.ts'
import { eventually, shop } from '../../fixtures/fleet.ts'
import { startAlone, startProcess } from '../../fixtures/worker-process.ts'

t.setTimeout(150_000)

/** A fleet with a worker for production as a process of its own, in the middle of a deployment, and another without labels. */
async function startRunning(t: Test, onLoss: string) {
  const config = `repositories: { ${shop}: { environments: { production: { simulate: 60s, runs_on: production, on_worker_loss: ${onLoss} } } } }`
  const file = join(t.testdir({}), 'livraison.yml')
  writeFileSync(file, config)
  const fleet = await startAlone(t, { config })
  const settings = { CONFIG_FILE: file, WORKER_LABELS: 'production' }
  const lost = startProcess(t, fleet, settings)
  fleet.addWorker()
  const workers = openWorkers(fleet.store, fleet.redis.prefix)
  await eventually(async () => (await workers.look()).workers.length === 2, 'both are there', 60_000)
  await fleet.merge()
  const { id } = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[0])
  await fleet.sandbox.whenever(() => fleet.states(id).includes('in_progress'), { timeoutMs: 30_000 })
  return { fleet, id, lost, settings }
}

t.test('a lost worker is replaced by another that has its labels, never by one that has not', async (t) => {
  const { fleet, id, lost } = await startRunning(t, 'rerun')
  lost.kill('SIGKILL')
  const unattended = `${fleet.redis.prefix}:unattended`
  const isSeen = async () => (await fleet.store.hexists(unattended, 'deployments@production')) === 1
  await eventually(isSeen, 'nobody is there for production', 30_000)
  t.same(fleet.states(id), ['pending', 'in_progress'])
  fleet.addWorker({
    rules: { executor: async () => ({ state: 'success', description: 'Deployed.' }) },
    settings: { WORKER_LABELS: 'production' },
  })
  t.same(await fleet.finalStates(id, 30_000), ['pending', 'in_progress', 'success'])
})

t.test('what is not to be begun again ends even though nobody is there who may do it', async (t) => {
  const { fleet, id, lost } = await startRunning(t, 'fail')
  lost.kill('SIGKILL')
  t.same(await fleet.finalStates(id, 30_000), ['pending', 'in_progress', 'error'])
  t.equal(fleet.sandbox.deployments(shop)[0]?.statuses.at(-1)?.description, 'The worker running it was lost.')
})
