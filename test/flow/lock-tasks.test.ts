// Heaven's way to lock: a deployment whose task is deploy:lock or deploy:unlock.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { deploymentJobId } from '../../src/jobs/job-ids.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { startHolding } from '../fixtures/holding.ts'

t.test('deploy:lock locks in the name of who made it, and deploy:unlock ends that', async (t) => {
  const { fleet, deploy, said, isHeld, locks, scopeOf } = await startHolding(t)
  const { finalStates } = fleet
  const lock = await deploy({ task: 'deploy:lock', payload: { reason: 'A migration.' } })
  t.same(await finalStates(lock), ['pending', 'success'])
  t.equal(said(lock).at(-1), 'production of acme/shop is locked by octocat.')
  t.match(await locks.on(scopeOf()), {
    owner: 'octocat',
    reason: 'A migration.',
    kind: 'hard',
    ownerMayDeploy: false,
  })
  const held = await deploy()
  await isHeld(held, /^Locked by octocat: A migration\. octocat or an approver can unlock it\.$/)

  const others = [
    await deploy({ task: 'deploy:lock', user: 'mallory' }),
    await deploy({ task: 'deploy:unlock', user: 'mallory', payload: { deploy_user: 'octocat' } }),
  ]
  for (const id of others) {
    t.same(await finalStates(id), ['pending', 'failure'])
    t.equal(said(id).at(-1), 'production of acme/shop is locked by octocat: A migration.')
  }
  t.same(fleet.states(held), ['pending', 'queued'])

  const unlock = await deploy({ task: 'deploy:unlock', payload: '{"notify":{}}' })
  t.same(await finalStates(unlock), ['pending', 'success'])
  t.equal(said(unlock).at(-1), 'production of acme/shop was unlocked by octocat.')
  t.same(await finalStates(held), ['pending', 'queued', 'in_progress', 'success'])
  const again = await deploy({ task: 'deploy:unlock' })
  await finalStates(again)
  t.equal(said(again).at(-1), 'production of acme/shop is not locked.')
})

t.test(
  'it is no deployment: it runs nothing, replaces and promotes nothing, and is nobody’s success',
  async (t) => {
    const begun: number[] = []
    const { fleet, deploy, keys } = await startHolding(t, {
      config: `repositories:
  acme/shop:
    environments:
      staging: { simulate: 10ms }
      production: { after: staging, simulate: 10ms }
`,
      rules: {
        executor: async ({ deployment }) => {
          begun.push(deployment.id)
          return { state: 'success', description: 'Done.' }
        },
      },
    })
    const { sandbox, finalStates, store } = fleet
    const { id: repositoryId } = sandbox.repository(shop)
    const first = await deploy({ environment: 'staging' })
    await finalStates(first)
    const promoted = await sandbox.whenever(() => sandbox.deployments(shop)[1], { what: 'its promotion' })
    await finalStates(promoted.id)
    const lane = await store.hgetall(keys.lane(repositoryId, 'staging'))

    const lock = await deploy({ environment: 'Staging', task: 'deploy:lock', description: 'By chat.' })
    await finalStates(lock)
    const unlock = await deploy({ environment: 'staging', task: 'deploy:unlock' })
    await finalStates(unlock)
    t.same(fleet.states(first).at(-1), 'success', 'GitHub is not told to make it inactive')
    t.same(begun, [first, promoted.id])
    const { barriers, news, ...after } = await store.hgetall(keys.lane(repositoryId, 'staging'))
    const { barriers: _barriers, news: _news, ...before } = lane
    t.same(after, before, 'its lane is as it was')
    t.same(await store.zrange(keys.ofLane(repositoryId, 'staging'), '0', '-1'), [String(first)])
    const { body } = await fleet.receiver.api(`/deployments/${shop}/${lock}`)
    t.match(body, { id: lock, state: 'success' })

    const next = await deploy({ environment: 'staging' })
    await finalStates(next)
    await sandbox.whenever(() => sandbox.deployments(shop).length === 6, {
      what: 'the promotion of the last',
    })
    const names = sandbox.deployments(shop).map(({ environment }) => environment.toLowerCase())
    t.same(
      names,
      ['staging', 'production', 'staging', 'staging', 'staging', 'production'],
      'nothing was promoted twice',
    )
  },
)

t.test('a push is deployed although the lock on its commit is newer', async (t) => {
  const { fleet, deploy } = await startHolding(t, {
    workers: 0,
    config: 'repositories: { acme/shop: { environments: { production: { on: push, simulate: 10ms } } } }',
  })
  const { sandbox, finalStates } = fleet
  await sandbox.push(shop)
  await sandbox.whenever(() => sandbox.deliveries().some(({ event }) => event === 'push'))
  const lock = await deploy({ task: 'deploy:lock' })
  const unlock = await deploy({ task: 'deploy:unlock' })
  fleet.addWorker()
  await finalStates(lock)
  await finalStates(unlock)
  const made = await sandbox.whenever(() => sandbox.deployments(shop).find(({ task }) => task === 'deploy'))
  t.ok(made)
})

t.test('a lock whose event comes after that of its end does not come back', async (t) => {
  const { fleet, deploy, said, locks } = await startHolding(t, { workers: 0 })
  const { sandbox, receiver } = fleet
  const lock = await deploy({ task: 'deploy:lock' })
  const job = await eventually(() => receiver.queues.deployments.getJob(deploymentJobId(lock)), 'its job')
  const { name, data } = job
  await job.remove()
  const unlock = await deploy({ task: 'deploy:unlock' })
  fleet.addWorker()
  await fleet.finalStates(unlock)
  await receiver.queues.deployments.add(name, data, { jobId: deploymentJobId(lock) })
  await fleet.finalStates(lock)
  t.equal(said(lock).at(-1), `Superseded by #${unlock}.`)
  t.same(await locks.all(), [])
  t.equal(sandbox.deployments(shop).length, 2)
})

t.test('as docs/holds.md has it, asked of GitHub itself', async (t) => {
  const { fleet, locks, scopeOf } = await startHolding(t)
  const { sandbox } = fleet
  const [, body = ''] = /-d '(\{[^']*\})'/.exec(readFileSync('docs/holds.md', 'utf8')) ?? []
  const { status } = await fetch(`${sandbox.apiUrl}/repos/${shop}/deployments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
    body,
  })
  t.equal(status, 201)
  const { id, creator } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  t.same(await fleet.finalStates(id), ['pending', 'success'])
  t.match(await locks.on(scopeOf()), { owner: creator.login, reason: 'database migration' })
})
