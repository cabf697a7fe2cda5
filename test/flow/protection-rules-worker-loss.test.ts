import { once } from 'node:events'
import { join } from 'node:path'
import t from 'tap'
import { eventually, shop } from '../fixtures/fleet.ts'
import { actionsConfig } from '../fixtures/reviewing.ts'
import { startAlone, startProcess } from '../fixtures/worker-process.ts'

t.setTimeout(120_000)

t.test(
  'a worker that is killed while it waits, and while GitHub Actions deploys, loses nothing',
  async (t) => {
    const fleet = await startAlone(t, { config: actionsConfig() })
    const { sandbox, receiver } = fleet
    sandbox.protectEnvironment(shop, 'production')
    const place = `/locks/${shop}/production`
    await sandbox.push(shop)
    const lock = async () => (await receiver.act('PUT', place, { reason: 'Migration' })).status === 200
    await eventually(lock, 'a lock')
    const settings = { CONFIG_FILE: join(t.testdir({ 'livraison.yml': actionsConfig() }), 'livraison.yml') }
    const kill = async (worker: ReturnType<typeof startProcess>) => {
      worker.kill('SIGKILL')
      await once(worker, 'exit')
    }
    const patient = { timeoutMs: 30_000 }
    const first = startProcess(t, fleet, settings)
    const run = await sandbox.startWorkflow(shop)
    await sandbox.whenever(() => run.reports.length === 1, { what: 'why it waits', ...patient })
    await kill(first)
    await receiver.act('DELETE', place)
    const second = startProcess(t, fleet, settings)
    await sandbox.whenever(() => run.status === 'in_progress', { what: 'it is approved', ...patient })
    await kill(second)
    sandbox.endWorkflow(shop, run.id)
    startProcess(t, fleet, settings)
    const shown = async () => (await receiver.api(`/deployments/${shop}/${run.deployment.id}`)).body
    await eventually(async () => (await shown()).state === 'success', 'it is followed to its end', 60_000)
    t.equal(run.reports.filter(({ state }) => state === 'approved').length, 1)
  },
)
