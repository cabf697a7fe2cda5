import t from 'tap'
import type { Executor, Outcome } from '../../worker/executors/executor.ts'
import {
  deployFiles,
  elsewhere,
  filtered,
  leftOut,
  mergeFiles,
  startDeployed,
  touching,
} from '../fixtures/filtered.ts'
import { shop, startFleet } from '../fixtures/fleet.ts'

t.test(
  'a merge that touches no path is left out with the reason, the next that does is deployed',
  async (t) => {
    const { fleet, sandbox, deployed } = await startDeployed(t)
    const since = deployed.sha.slice(0, 7)
    const reason = `none of the 2 files changed since ${since} is under the environment's paths`
    t.equal(await leftOut(fleet, elsewhere('1')), reason)
    const { body } = await fleet.receiver.api(`/why/${shop}/production`)
    t.match(body, {
      skipped: [
        {
          pullRequest: 2,
          reason,
          text: /^The merge of pull request #2 \([0-9a-f]{7}\) was left out: none of .* create a deployment of it\.$/,
        },
      ],
      merge: { deployed: 'at once', text: /But only if files have changed there/ },
    })

    const number = await mergeFiles(fleet, touching('2'))
    const next = await sandbox.whenever(() => sandbox.deployments(shop)[1])
    t.match(next, { sha: sandbox.pullRequest(shop, number).mergeCommitSha })
    await fleet.finalStates(next.id)
    t.equal(sandbox.deployments(shop).length, 2)
    t.same(sandbox.violations, [])
  },
)

t.test('before anything was deployed, the merge itself counts', async (t) => {
  const fleet = await startFleet(t, { config: filtered })
  t.match(await leftOut(fleet, elsewhere('1')), /^none of the 2 files changed since [0-9a-f]{7} /)
  t.ok(await deployFiles(fleet, touching('1')))
  t.equal(fleet.sandbox.deployments(shop).length, 1)
})

t.test('what failed is made good by the next merge, whatever that touches', async (t) => {
  const outcomes: Outcome['state'][] = ['success', 'failure', 'success']
  const executor: Executor = async () => ({ state: outcomes.shift() ?? 'success', description: 'Done.' })
  const { fleet, sandbox } = await startDeployed(t, { rules: { executor } })
  t.equal((await deployFiles(fleet, touching('2'))).statuses.at(-1)?.state, 'failure')
  t.equal((await deployFiles(fleet, elsewhere('1'))).statuses.at(-1)?.state, 'success')
  t.match(await leftOut(fleet, elsewhere('2')), /^none of the 2 files/)
  t.equal(sandbox.deployments(shop).length, 3)
})

t.test('a merge that was missed counts for the next one', async (t) => {
  const { fleet, sandbox } = await startDeployed(t)
  const { number } = await sandbox.openPullRequest(shop, { files: touching('2') })
  sandbox.faults.loseDeliveries({ event: 'pull_request', times: 1 })
  await sandbox.mergePullRequest(shop, number)
  const next = await deployFiles(fleet, elsewhere('1'))
  t.equal(next.statuses.at(-1)?.state, 'success')
})
