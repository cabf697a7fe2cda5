import t from 'tap'
import { shop, startFleet } from '../fixtures/fleet.ts'

t.test('a merge whose webhook comes late does not put its older code over the newer', async (t) => {
  const { sandbox, merge, finalStates } = await startFleet(t)
  sandbox.faults.loseDeliveries({ event: 'pull_request', times: 2 })
  const late = await merge('The first')
  const newer = await merge('The second')
  const { id: newest } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await finalStates(newest), ['pending', 'in_progress', 'success'])
  t.match(sandbox.deployments(shop)[0], { sha: sandbox.pullRequest(shop, newer).mergeCommitSha })

  const lost = sandbox
    .deliveries()
    .find(({ event, action }) => event === 'pull_request' && action === 'closed')
  sandbox.redeliver(lost?.guid ?? '')
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.match(deployment, { sha: sandbox.pullRequest(shop, late).mergeCommitSha })
  t.same(await finalStates(deployment.id), ['pending', 'inactive'])
  t.equal(deployment.statuses.at(-1)?.description, `Superseded by #${newest}.`)
})

t.test('merges that come at once are each deployed or replaced, and the last one runs last', async (t) => {
  const { sandbox, merge, finalStates } = await startFleet(t, { workers: 2 })
  const numbers: number[] = []
  for (let count = 0; count < 8; count++) numbers.push(await merge(`Change ${count}`))
  await sandbox.whenever(() => sandbox.deployments(shop).length === numbers.length)
  const all = sandbox.deployments(shop)
  for (const { id } of all) await finalStates(id)
  const succeeded = all.flatMap(({ sha, statuses }) =>
    statuses.flatMap(({ state, at }) => (state === 'success' ? [{ sha, at }] : [])),
  )
  const [last] = succeeded.sort((a, b) => b.at - a.at)
  t.equal(last?.sha, sandbox.pullRequest(shop, numbers.at(-1) ?? 0).mergeCommitSha)
  t.same(sandbox.violations, [])
})
