import t from 'tap'
import { shop } from '../../fixtures/fleet.ts'
import { startReviewing } from '../../fixtures/reviewing.ts'

t.test('a run that waits for us, of which nothing told us, is found', async (t) => {
  const { fleet, startWorkflow, decision } = await startReviewing(t, {
    settings: { RECONCILE_SECONDS: '0.5' },
  })
  const { sandbox } = fleet
  // So that the repository is known.
  await sandbox.push(shop)
  sandbox.faults.loseDeliveries({ event: 'deployment_protection_rule' })
  const { run, deployment } = await startWorkflow()
  await decision(run, 'approved')
  t.equal((await fleet.receiver.api(`/deployments/${shop}/${deployment}`)).status, 200)
  t.same(sandbox.violations, [])
})
