import t from 'tap'
import { shop, startFleet } from '../fixtures/fleet.ts'

t.test('two workers run a burst of a hundred deployments, each reported in order', async (t) => {
  const { sandbox, finalStates } = await startFleet(t, { workers: 2 })
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      sandbox.createDeployment(shop, {
        ref: 'main',
        auto_merge: false,
        required_contexts: [],
        environment: `review-${index}`,
      }),
    ),
  )
  const deployments = sandbox.deployments(shop)
  t.equal(deployments.length, 100)
  const states = await Promise.all(deployments.map(({ id }) => finalStates(id, 50_000)))
  t.same(
    states,
    states.map(() => ['pending', 'in_progress', 'success']),
  )
  t.same(sandbox.violations, [])
})
