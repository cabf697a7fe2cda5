import t from 'tap'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'

/** The deployments there are, by their environments. */
const byEnvironment = ({ sandbox }: Fleet) =>
  Object.fromEntries(sandbox.deployments(shop).map((deployment) => [deployment.environment, deployment]))

const two = `repositories:
  acme/*:
    environments:
      staging: { on: merge, simulate: 5ms, url: "https://staging.example" }
      canary: { on: merge, simulate: 5ms }
      production: { after: staging, simulate: 5ms }
      frozen: { on: manual, simulate: 5ms }
`

t.test('a merge goes to each environment that deploys merges, and on to what comes after', async (t) => {
  const fleet = await startFleet(t, { config: two })
  const { sandbox } = fleet
  const number = await fleet.merge()
  await sandbox.whenever(() => sandbox.deployments(shop).length === 3, { what: 'three deployments' })
  const { staging, canary, production } = byEnvironment(fleet)
  for (const deployment of [staging, canary, production]) {
    t.same(await fleet.finalStates(deployment?.id ?? 0), ['pending', 'in_progress', 'success'])
    t.equal(deployment?.sha, sandbox.pullRequest(shop, number).mergeCommitSha)
  }
  t.match(production?.payload, { promoted_from: staging?.id, pull_request: number, deploy_user: 'octocat' })
  t.equal(staging?.statuses.at(-1)?.environmentUrl, 'https://staging.example')
  t.equal(canary?.statuses.at(-1)?.environmentUrl, '')
  const { body } = await fleet.receiver.api(`/deployments/${shop}/${staging?.id}`)
  t.match(JSON.stringify(body), `"rules":"${fleet.rules.current.digest}"`)

  const delivered = sandbox
    .deliveries()
    .find(({ event, action }) => event === 'pull_request' && action === 'closed')
  sandbox.redeliver(delivered?.guid ?? '')
  await fleet.merge('The next')
  await sandbox.whenever(() => sandbox.deployments(shop).length === 6, { what: 'six deployments' })
  t.equal(sandbox.deployments(shop).filter(({ environment }) => environment === 'staging').length, 2)
  t.same(sandbox.violations, [])
})

t.test('what the file does not name is not deployed', async (t) => {
  const { sandbox, receiver, merge } = await startFleet(t, { config: 'repositories: { acme/other: {} }' })
  await merge()
  const answered = await eventually(async () => {
    const { body } = await receiver.api('/deliveries?event=pull_request&outcome=ignored')
    return JSON.stringify(body).includes('is not in livraison.yml') && body
  }, 'the merge is ignored')
  t.match(JSON.stringify(answered), 'acme/shop is not in livraison.yml.')
  t.equal(sandbox.deployments(shop).length, 0)
  const { body } = await receiver.api(`/why/${shop}/production`)
  t.match(body.merge, {
    deployed: 'not',
    text: /^production is not an environment of acme\/shop in livraison.yml/,
  })
})

t.test('a push is deployed where pushes are; one that comes late, after the next, is left', async (t) => {
  const config = 'repositories: { acme/shop: { environments: { edge: { on: push, simulate: 5ms } } } }'
  const fleet = await startFleet(t, { config })
  const { sandbox } = fleet
  const first = await sandbox.push(shop, { message: 'One' })
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.match(deployment, { sha: first, environment: 'edge', description: 'One', payload: { pushed_to: 'main' } })
  await fleet.finalStates(deployment.id)

  sandbox.faults.loseDeliveries({ event: 'push', times: 1 })
  await sandbox.push(shop, { message: 'Two' })
  const third = await sandbox.push(shop, { message: 'Three' })
  await sandbox.whenever(() => sandbox.deployments(shop).some(({ sha }) => sha === third))
  const lost = sandbox.deliveries().filter(({ event }) => event === 'push')[1]
  sandbox.redeliver(lost?.guid ?? '')
  await eventually(() => fleet.log.some(({ msg }) => msg === 'no deployment is made'), 'the late one is left')
  t.equal(sandbox.deployments(shop).length, 2)
  t.same(sandbox.violations, [])
})

t.test('a new configuration counts for what begins from then on', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, { config: two, rules: { executor: held.executor } })
  const { sandbox, rules } = fleet
  const create = async () => {
    const made = await sandbox.createDeployment(shop, {
      ref: 'main',
      environment: 'frozen',
      auto_merge: false,
      required_contexts: [],
    })
    if (!('id' in made)) throw new Error(made.message)
    return made.id
  }
  const first = await create()
  await eventually(() => held.running().includes(first), 'the first runs')
  const second = await create()
  await sandbox.whenever(() => fleet.states(second).includes('queued'))

  rules.put('repositories: { acme/shop: { environments: { staging: { simulate: 1ms } } } }')
  held.end(first)
  t.same(await fleet.finalStates(first), ['pending', 'in_progress', 'success'], 'what runs is not disturbed')
  t.same(await fleet.finalStates(second), ['pending', 'queued', 'error'])
  const statuses = sandbox.deployments(shop).find(({ id }) => id === second)?.statuses
  t.equal(
    statuses?.at(-1)?.description,
    'frozen is not an environment of acme/shop in livraison.yml any more.',
  )

  rules.put('repositories: {}')
  const third = await create()
  await eventually(async () => {
    const { body } = await fleet.receiver.api('/deliveries?event=deployment&outcome=ignored')
    return JSON.stringify(body).includes('acme/shop is not in livraison.yml')
  }, 'the third is ignored')
  t.same(fleet.states(third), [])
})
