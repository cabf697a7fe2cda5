import t from 'tap'
import { deployFiles, elsewhere, leftOut, startDeployed } from '../fixtures/filtered.ts'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'

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
