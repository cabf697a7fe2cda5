import t from 'tap'
import type { Executor, Outcome } from '../../worker/executors/executor.ts'
import { eventually, type Fleet, type FleetOptions, shop, startFleet } from '../fixtures/fleet.ts'

const config = `repositories:
  acme/shop:
    environments:
      production: { paths: ["apps/shop/**", "!**/*.md"], simulate: 5ms }
`
const touching = (content: string) => ({ 'apps/shop/cart.ts': content })
const elsewhere = (content: string) => ({ 'apps/shop/README.md': content, 'docs/guide.md': content })

type Files = Record<string, string | null>

async function mergeFiles({ sandbox }: Fleet, files: Files): Promise<number> {
  const { number } = await sandbox.openPullRequest(shop, { title: 'A change', files })
  await sandbox.mergePullRequest(shop, number)
  return number
}

/** Merges, and waits until the deployment of that has ended. */
async function deployFiles(fleet: Fleet, files: Files) {
  const before = fleet.sandbox.deployments(shop).length
  await mergeFiles(fleet, files)
  const deployment = await fleet.sandbox.whenever(() => fleet.sandbox.deployments(shop)[before])
  await fleet.finalStates(deployment.id)
  return deployment
}

/** Merges, waits until that is left out, and gives the reason. */
async function leftOut(fleet: Fleet, files: Files): Promise<string> {
  const number = await mergeFiles(fleet, files)
  const line = await eventually(
    () => fleet.log.find(({ msg, pullRequest }) => msg === 'no deployment is made' && pullRequest === number),
    `#${number} is left out`,
  )
  return String(line.reason)
}

/** A fleet whose environment has been deployed to once. */
async function startDeployed(t: Parameters<typeof startFleet>[0], options: FleetOptions = {}) {
  const fleet = await startFleet(t, { config, ...options })
  const deployed = await deployFiles(fleet, touching('1'))
  return { fleet, sandbox: fleet.sandbox, deployed }
}

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
  const fleet = await startFleet(t, { config })
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

t.test('a file that was moved out of the paths has touched them', async (t) => {
  const { fleet } = await startDeployed(t)
  const moved = await deployFiles(fleet, { 'apps/shop/cart.ts': null, 'attic/cart.ts': '1' })
  t.equal(moved.statuses.at(-1)?.state, 'success')
})

t.test('what GitHub cannot compare, or not in full, is deployed', async (t) => {
  const compare = /compare-commits/
  const { fleet, sandbox } = await startDeployed(t)
  const many = Object.fromEntries(Array.from({ length: 301 }, (_, index) => [`docs/${index}.md`, 'x']))
  t.ok(await deployFiles(fleet, many), 'more files than GitHub names')
  for (const status of [404, 422, 500]) {
    sandbox.faults.add({ operation: compare, answer: { status }, times: 1 })
    t.ok(await deployFiles(fleet, elsewhere(String(status))), `${status}`)
  }
  const why = fleet.log.filter(({ msg }) => msg.startsWith('it is not known what has changed'))
  t.match(why, [
    { reason: 'GitHub names no more than 300 files' },
    { reason: /answered 404/ },
    { reason: /answered 422/ },
    { reason: /answered 500/ },
  ])
  t.match(await leftOut(fleet, elsewhere('again')), /^none of the 2 files/)
  t.same(sandbox.violations, [])
})

t.test('GitHub is asked again while it cannot be reached', async (t) => {
  const { fleet, sandbox } = await startDeployed(t)
  sandbox.faults.add({ operation: /compare-commits/, answer: 'reset-before', times: 1 })
  t.match(await leftOut(fleet, elsewhere('1')), /^none of the 2 files/)
  t.equal(sandbox.deployments(shop).length, 1)
})

t.test('pushes, tags and promotions are filtered by the paths of their own environment', async (t) => {
  const fleet = await startFleet(t, {
    config: `repositories:
  acme/shop:
    environments:
      edge: { on: push, paths: "apps/**", simulate: 5ms }
      release: { on: tag, paths: "apps/**", simulate: 5ms }
      mirror: { on: push, simulate: 5ms }
      docs: { after: mirror, paths: "docs/**", simulate: 5ms }
      copy: { after: mirror, simulate: 5ms }
`,
  })
  const { sandbox } = fleet
  const deployedTo = () =>
    sandbox
      .deployments(shop)
      .map(({ environment }) => environment)
      .sort()
  const allEnd = async (count: number) => {
    await sandbox.whenever(() => sandbox.deployments(shop).length === count, { what: `${count} deployments` })
    for (const { id } of sandbox.deployments(shop)) await fleet.finalStates(id)
  }
  await sandbox.push(shop, { files: { 'apps/a.ts': '1' } })
  await allEnd(4)
  t.same(deployedTo(), ['copy', 'docs', 'edge', 'mirror'], 'where nothing was promoted before, it is')
  await sandbox.pushTag(shop, { name: 'v1' })
  await allEnd(5)

  await sandbox.push(shop, { files: { 'lib/b.ts': '1' } })
  await sandbox.pushTag(shop, { name: 'v2' })
  await eventually(
    () => fleet.log.filter(({ msg }) => msg === 'no deployment is made').length === 3,
    'edge, release and docs are left out',
  )
  await allEnd(7)
  t.same(deployedTo(), ['copy', 'copy', 'docs', 'edge', 'mirror', 'mirror', 'release'])
  await sandbox.pushTag(shop, { name: 'v2-again' })
  const left = await eventually(
    () => fleet.log.filter(({ msg }) => msg === 'no deployment is made')[3],
    'the same commit by another name',
  )
  t.equal(
    left.reason,
    `the one file changed since ${sandbox.deployments(shop)[4]?.sha.slice(0, 7)} is not under the environment's paths`,
  )
  t.same(sandbox.violations, [])
})
