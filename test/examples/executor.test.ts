// The example of an executor of one's own does what its page says.
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import t from 'tap'
import { loadModule } from '../../worker/executors/module.ts'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'
import { runOnce, someDeployment } from '../fixtures/run.ts'

// Beside it lies where an operator's livraison.yml would.
const configFile = resolve('examples/executor/livraison.yml')
const load = (options: Record<string, unknown>) =>
  loadModule({ path: './wanted-version.js', options, timeoutMs: 10_000 }, configFile)

t.test('a merge becomes the wanted version, and is deployed once it runs', async (t) => {
  const directory = t.testdir()
  const executor = await load({ directory, everySeconds: 0.02 })
  const { sandbox, merge, finalStates } = await startFleet(t, { rules: { executor } })
  await merge()
  const { id, sha, statuses } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  const wanted = await eventually(
    () => readFile(join(directory, 'wanted'), 'utf8').catch(() => ''),
    'it is wanted',
  )
  t.equal(wanted, `${sha}\n`)
  await writeFile(join(directory, 'running'), `${sha}\n`)
  t.same(await finalStates(id), ['pending', 'in_progress', 'success'])
  t.equal(statuses.at(-1)?.description, `${sha.slice(0, 7)} runs.`)
})

t.test('a version that does not run, and options that are missing', async (t) => {
  const directory = t.testdir({ running: `${someDeployment.sha} port 80 is taken\n` })
  const { outcome } = await runOnce(await load({ directory }))
  t.same(outcome, { state: 'failure', description: 'It does not run: port 80 is taken' })
  await t.rejects(load({}), /^use: \.\/wanted-version\.js refused its options: with: needs a directory\.$/)
})
