import t from 'tap'
import { deploymentKeys } from '../../../../src/deployments/keys.ts'
import { openLogs } from '../../../../src/deployments/log.ts'
import { runCommand } from '../../../../worker/executors/command/run-command.ts'
import { eventually, type Fleet, shop, startFleet } from '../../../fixtures/fleet.ts'
import { openBenchWorkspace, scratch } from './bench.ts'

const linesOf = async ({ store, redis }: Fleet, id: number) =>
  (await openLogs(store, deploymentKeys(redis.prefix)).read(id)).map(({ text }) => text)

t.test('a merge is deployed by a command, with its log and its outcome', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox } = fleet
  const workspace = await openBenchWorkspace(t, { directory: scratch(t), serverUrl: sandbox.url })
  const command = 'git rev-parse HEAD; echo "$ENVIRONMENT by $CREATOR"; cat "$PAYLOAD_FILE"; ./deploy'
  const executor = runCommand({ workspace, command, env: {}, timeoutMs: 30_000 })
  await sandbox.push(shop, { files: { deploy: '#!/bin/sh\nsleep 0.1\necho deployed\n' } })
  fleet.addWorker({ rules: { executor } })
  await fleet.merge()
  const { id, sha } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  const { description } = sandbox.deployments(shop)[0]?.statuses.at(-1) ?? {}
  t.match(description, /^Deployed [0-9a-f]{7} to production in 0\.\d s\.$/)
  const lines = await linesOf(fleet, id)
  t.match(lines, [/^Checked out/, /^\$ git/, sha, 'production by livraison-bot', /"pull_request":1/])
})

t.test('a command that fails, and one that cannot be run, are told apart', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox } = fleet
  const options = { directory: scratch(t), serverUrl: sandbox.url }
  const workspace = await openBenchWorkspace(t, options)
  const executor = runCommand({ workspace, command: 'echo no; exit 3', env: {}, timeoutMs: 30_000 })
  fleet.addWorker({ rules: { executor } })
  const descriptionOf = (index: number) => sandbox.deployments(shop)[index]?.statuses.at(-1)?.description
  await fleet.merge()
  const first = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(first.id), ['pending', 'in_progress', 'failure'])
  t.equal(descriptionOf(0), 'Exit status 3: no')

  sandbox.faults.add({ operation: 'git', answer: { status: 500 } })
  await fleet.merge()
  const second = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.same(await fleet.finalStates(second.id), ['pending', 'in_progress', 'error'])
  t.match(descriptionOf(1), /^It could not be run: Could not check out acme\/shop at [0-9a-f]{7}: /)
})

t.test('a worker that ends stops its command, and another begins it anew', async (t) => {
  const fleet = await startFleet(t, { workers: 0 })
  const { sandbox } = fleet
  const workspace = await openBenchWorkspace(t, { directory: scratch(t), serverUrl: sandbox.url })
  const run = (command: string) => runCommand({ workspace, command, env: {}, timeoutMs: 30_000 })
  const ending = fleet.addWorker({ rules: { executor: run('echo begun; sleep 600') } })
  await fleet.merge()
  const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await eventually(async () => (await linesOf(fleet, id)).includes('begun'), 'the command runs')
  await ending.close()
  t.same(fleet.states(id), ['pending', 'in_progress'])
  fleet.addWorker({ rules: { executor: run('true') } })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
})
