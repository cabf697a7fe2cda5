import t from 'tap'
import { shop, startFleet } from '../fixtures/fleet.ts'

t.test('a merged pull request becomes a reported deployment', async (t) => {
  for (const contentType of ['json', 'form'] as const) {
    t.test(`with a hook that sends ${contentType}`, async (t) => {
      const { sandbox, merge, finalStates } = await startFleet(t, { contentType })
      const number = await merge('Mend the cart')
      const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
      t.match(deployment, {
        sha: sandbox.pullRequest(shop, number).mergeCommitSha,
        environment: 'production',
        description: `#${number} Mend the cart`,
        payload: { environment: 'production', deploy_user: 'octocat', pull_request: number },
      })
      t.same(await finalStates(deployment.id), ['pending', 'in_progress', 'success'])
      const last = deployment.statuses.at(-1)
      t.match(last?.description, /^Deployed [0-9a-f]{7} to production/)
      t.match(last?.logUrl, `/deployments/${shop}/${deployment.id}`)
      t.same(sandbox.violations, [])
      t.equal(sandbox.deployments(shop).length, 1)
    })
  }
})
