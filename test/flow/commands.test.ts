import t from 'tap'
import { shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

const config = `
repositories:
  acme/shop:
    environments:
      staging:
        run: echo "$ENVIRONMENT gets $(cat README.md | wc -l) line(s) of $SHA" && test "$(git rev-parse HEAD)" = "$SHA"
        env: { TARGET: staging.internal }
        url: https://staging.shop.example
      production:
        after: staging
        run: test "$ENVIRONMENT" = production && test -z "$GITHUB_TOKEN" && echo shipped
      broken:
        on: manual
        run: echo "the disk is full" >&2; exit 3
`

t.test('a merge runs its command on staging, then on production, at the same commit', async (t) => {
  const { sandbox, merge, finalStates } = await startFleet(t, { config, workers: 2 })
  const number = await merge()
  const sha = sandbox.pullRequest(shop, number).mergeCommitSha
  const staging = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(staging, { environment: 'staging', sha })
  t.same(await finalStates(staging.id), ['pending', 'in_progress', 'success'])
  t.equal(staging.statuses.at(-1)?.environmentUrl, 'https://staging.shop.example')

  const production = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  t.match(production, { environment: 'production', sha })
  t.same(await finalStates(production.id), ['pending', 'in_progress', 'success'])
  t.same(sandbox.violations, [])
})

t.test('a command that fails says how, and its log is there to read', async (t) => {
  const { sandbox, finalStates, receiver } = await startFleet(t, { config })
  const made = await sandbox.createDeployment(shop, {
    ref: 'main',
    environment: 'broken',
    auto_merge: false,
    required_contexts: [],
  })
  const id = 'id' in made ? made.id : 0
  t.same(await finalStates(id), ['pending', 'in_progress', 'failure'])
  t.match(sandbox.deployments(shop)[0]?.statuses.at(-1)?.description, /status 3.*the disk is full/)

  const log = await fetch(`${receiver.url}/api/deployments/${shop}/${id}/log`, {
    headers: { authorization: `Bearer ${testAdminToken}` },
  })
  t.match(await log.text(), /^the disk is full$/m)
  t.match(await receiver.api(`/deployments/${shop}/${id}`), {
    status: 200,
    body: { rules: /^[0-9a-f]{6,}$/ },
  })
})
