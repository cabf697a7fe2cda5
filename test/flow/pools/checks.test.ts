import t from 'tap'
import { checks, context, finalStates, statuses } from '../../fixtures/checks.ts'
import { shop, startFleet } from '../../fixtures/fleet.ts'

t.setTimeout(120_000)

t.test('a check is run by the workers that it asks for, and says so while there is none', async (t) => {
  const config = checks({ context, run: 'true', runs_on: ['gpu', 'linux'] })
  const fleet = await startFleet(t, { config, settings: { STALLED_SECONDS: '1' } })
  const { sandbox } = fleet
  const { head } = await sandbox.openPullRequest(shop)
  const words = 'No worker that has the labels gpu and linux is running.'
  const isSaid = () => statuses(fleet, head.sha).some(({ description }) => description === words)
  await sandbox.whenever(isSaid, { what: 'that it waits', timeoutMs: 15_000 })

  fleet.addWorker({ settings: { WORKER_LABELS: 'linux,gpu' } })
  t.equal((await finalStates(fleet, head.sha)).at(-1), 'success')
})

t.test('workers with labels run no checks that ask for none', async (t) => {
  const config = checks({ context, run: 'true' })
  const fleet = await startFleet(t, { config, workers: 0, settings: { STALLED_SECONDS: '1' } })
  const { sandbox } = fleet
  fleet.addWorker({ settings: { WORKER_LABELS: 'production' } })
  const { head } = await sandbox.openPullRequest(shop)
  const words = 'No worker that has the label default is running.'
  const isSaid = () => statuses(fleet, head.sha).some(({ description }) => description === words)
  await sandbox.whenever(isSaid, { what: 'that it waits', timeoutMs: 15_000 })
  fleet.addWorker({ settings: { WORKER_LABELS: 'production,default' } })
  t.equal((await finalStates(fleet, head.sha)).at(-1), 'success')
})
