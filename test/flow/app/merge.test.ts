// A whole merge, by a worker and a receiver that sign in as a GitHub App.
import t from 'tap'
import { shop, startFleet } from '../../fixtures/fleet.ts'

t.test('a merge is deployed by an App, whose own deployments it knows', async (t) => {
  const fleet = await startFleet(t, { withApp: true })
  const { sandbox } = fleet
  await fleet.merge()
  const { id, creator } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  t.match(creator, { login: 'livraison-of-acme[bot]', type: 'Bot' })
  t.match(
    sandbox.deployments(shop)[0]?.statuses.map((status) => status.creator.login),
    ['livraison-of-acme[bot]'],
  )
  t.same(sandbox.violations, [])
  t.ok(sandbox.requests.every(({ authorization }) => authorization === 'bearer'))
  t.equal(sandbox.installationTokens().length, 2, 'the receiver and the worker asked once each')
})
