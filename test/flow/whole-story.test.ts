// The story of GitHub's guide "Delivering deployments", from the pull request to production.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { shop, startFleet } from '../fixtures/fleet.ts'

const config = (directory: string) => `
repositories:
  ${shop}:
    checks:
      - { context: livraison/test, run: ./script/test }
    merge: { when: green, label: automerge, method: squash }
    environments:
      staging:
        run: ./script/deploy
        env: { TARGET: ${directory} }
        url: https://staging.shop.example
      production:
        after: staging
        run: ./script/deploy
        env: { TARGET: ${directory} }
`

const files = {
  'script/test': '#!/bin/sh\nset -eu\necho "testing $SHA"\ngrep -q Bonjour greeting.txt\n',
  // What it deploys is what git checked out, and where it is from.
  'script/deploy':
    '#!/bin/sh\nset -eu\n{ cat greeting.txt; git rev-parse HEAD; } >"$TARGET/$ENVIRONMENT"\necho "$ENVIRONMENT has it"\n',
}

t.test(
  'a pull request is checked, merged when green, deployed to staging by a real command, then to production',
  async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'livraison-story-'))
    t.teardown(() => rm(directory, { recursive: true, force: true }))
    const fleet = await startFleet(t, { workers: 2, config: config(directory) })
    const { sandbox } = fleet
    await sandbox.push(shop, { files })

    const { number, head } = await sandbox.openPullRequest(shop, {
      title: 'Greet visitors',
      files: { 'greeting.txt': 'Bonjour !\n' },
    })
    const statuses = () => sandbox.repository(shop).statuses.filter(({ sha }) => sha === head.sha)
    await sandbox.whenever(() => statuses().some(({ state }) => state === 'success'), { timeoutMs: 30_000 })
    t.same(
      statuses().map(({ context, state }) => `${context} ${state}`),
      ['livraison/test pending', 'livraison/test success'],
    )
    t.equal(sandbox.pullRequest(shop, number).mergedAt, null, 'green alone is not asked to be merged')

    await sandbox.labelPullRequest(shop, number, 'automerge')
    const sha = await sandbox.whenever(() => sandbox.pullRequest(shop, number).mergeCommitSha, {
      timeoutMs: 30_000,
    })
    const deploymentTo = (environment: string) =>
      sandbox.deployments(shop).find((deployment) => deployment.environment === environment)
    const inOrder = ['pending', 'in_progress', 'success']
    for (const environment of ['staging', 'production']) {
      const { id, ...deployment } = await sandbox.whenever(() => deploymentTo(environment), {
        timeoutMs: 30_000,
      })
      t.same(await fleet.finalStates(id, 30_000), inOrder, `${environment}, each status in order`)
      t.equal(deployment.sha, sha)
      t.equal(await readFile(join(directory, environment), 'utf8'), `Bonjour !\n${sha}\n`)
    }
    const [staging, production] = [deploymentTo('staging'), deploymentTo('production')]
    t.equal(staging?.statuses.at(-1)?.environmentUrl, 'https://staging.shop.example')
    t.ok(Number(staging?.statuses.at(-1)?.at) <= Number(production?.at), 'production came after staging')
    t.equal(sandbox.deployments(shop).length, 2)
    t.same(sandbox.violations, [])
  },
)
