import t from 'tap'
import type { Executor } from '../../worker/executors/executor.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'
import { isError } from '../fixtures/receiver.ts'

const config = `repositories:
  acme/shop:
    environments:
      staging: { simulate: 5ms }
      production: { after: staging, simulate: 5ms }
      eu: { on: manual, simulate: 5ms }
`

const act = ({ receiver }: Fleet, id: number, what: string, body?: object) =>
  receiver.act('POST', `/deployments/${shop}/${id}/${what}`, body)

/** Fails for all commits but those that it is told of; at first, for none. */
function pickyExecutor() {
  let bad: string[] = []
  const executor: Executor = async ({ deployment: { sha } }) =>
    bad.includes(sha)
      ? { state: 'failure', description: 'Exit status 1.' }
      : { state: 'success', description: 'Done.' }
  return {
    executor,
    fail(...shas: string[]) {
      bad = shas
    },
  }
}

const recordOf = async ({ receiver }: Fleet, id: number) =>
  (await receiver.api(`/deployments/${shop}/${id}`)).body

/** Pushes a commit, deploys it, and gives its deployment and its sha once that is over. */
async function deployNew(fleet: Fleet, environment = 'eu', failing?: { fail(sha: string): void }) {
  const sha = await fleet.sandbox.push(shop, { message: 'A change' })
  failing?.fail(sha)
  const { body } = await fleet.receiver.act('POST', '/deployments', {
    repository: shop,
    ref: 'main',
    environment,
  })
  const id = Number(body.deployment)
  await fleet.finalStates(id)
  return { id, sha }
}

t.test('what failed is deployed again, once, however often that is asked for', async (t) => {
  const { executor, fail } = pickyExecutor()
  const fleet = await startFleet(t, { config, rules: { executor } })
  const { sandbox } = fleet
  const good = await deployNew(fleet)
  isError(t, await act(fleet, good.id, 'retry'), 409, /has succeeded: deploy its commit/)
  const bad = await deployNew(fleet, 'eu', { fail })
  t.equal((await recordOf(fleet, bad.id)).state, 'failure')
  fail()
  const before = sandbox.deployments(shop).length
  const answers = await Promise.all([
    act(fleet, bad.id, 'retry'),
    act(fleet, bad.id, 'retry', { reason: 'The network was down' }),
  ])
  const ids = answers.map(({ body }) => body.deployment)
  t.same(
    answers.map(({ status }) => status),
    [201, 201],
  )
  t.equal(ids[0], ids[1])
  t.equal(sandbox.deployments(shop).length, before + 1)
  const again = sandbox.deployments(shop).at(-1)
  t.match(again, {
    sha: bad.sha,
    environment: 'eu',
    payload: { retry_of: bad.id, request: `retry-${bad.id}` },
  })
  t.same(await fleet.finalStates(Number(ids[0])), ['pending', 'in_progress', 'success'])
  t.match(await recordOf(fleet, Number(ids[0])), { retryOf: bad.id, request: `retry-${bad.id}` })
  t.match((await act(fleet, bad.id, 'retry')).body, { deployment: ids[0], text: /was made before/ })
})

t.test('a retry keeps what others had put into the payload, and whose change it is', async (t) => {
  const { executor, fail } = pickyExecutor()
  const fleet = await startFleet(t, { config, rules: { executor } })
  const { sandbox } = fleet
  const sha = await sandbox.push(shop, { message: 'A change' })
  fail(sha)
  const made = await sandbox.createDeployment(shop, {
    ...{ ref: 'main', environment: 'eu', auto_merge: false, required_contexts: [] },
    payload: { size: 'large', pull_request: 7, changed_at: '2026-01-02T03:04:05Z' },
  })
  if (!('id' in made)) throw new Error(made.message)
  await fleet.finalStates(made.id)
  fail()
  const { body } = await act(fleet, made.id, 'retry')
  t.match(sandbox.deployments(shop).at(-1)?.payload, {
    size: 'large',
    pull_request: 7,
    retry_of: made.id,
    deploy_user: 'ADMIN_TOKEN',
  })
  await fleet.finalStates(Number(body.deployment))
  t.match(await recordOf(fleet, Number(body.deployment)), {
    pullRequest: 7,
    changedAt: '2026-01-02T03:04:05.000Z',
    state: 'success',
  })
})

t.test('a retry that a newer success has overtaken is refused; one that was cancelled may be', async (t) => {
  const { executor, end } = heldExecutor()
  const fleet = await startFleet(t, { config, rules: { executor } })
  const { sandbox, receiver } = fleet
  const deploy = async () => {
    await sandbox.push(shop, { message: 'A change' })
    const { body } = await receiver.act('POST', '/deployments', {
      repository: shop,
      ref: 'main',
      environment: 'eu',
    })
    const id = Number(body.deployment)
    await sandbox.whenever(() => fleet.states(id).includes('in_progress'))
    return id
  }
  const first = await deploy()
  isError(t, await act(fleet, first, 'retry'), 409, /is not over, it is in_progress/)
  await act(fleet, first, 'cancel')
  await fleet.finalStates(first)
  const retried = Number((await act(fleet, first, 'retry')).body.deployment)
  await sandbox.whenever(() => fleet.states(retried).includes('in_progress'))
  await act(fleet, retried, 'cancel')
  await fleet.finalStates(retried)
  isError(t, await act(fleet, first, 'retry'), 409, new RegExp(`#${retried} .* is error: retry #${retried}`))
  const newer = await deploy()
  end(newer)
  await fleet.finalStates(newer)
  isError(t, await act(fleet, retried, 'retry'), 409, new RegExp(`#${newer} is newer \\(success\\)`))
})

t.test('rolled back to what worked before, or to a named one', async (t) => {
  const fleet = await startFleet(t, { config })
  const { sandbox } = fleet
  const [one, two, three] = [await deployNew(fleet), await deployNew(fleet), await deployNew(fleet)]
  isError(t, await act(fleet, two.id, 'rollback'), 409, new RegExp(`#${three.id} is newer than #${two.id}`))
  isError(t, await act(fleet, three.id, 'rollback', { to: 99 }), 409, /knows no deployment #99/)
  isError(t, await act(fleet, one.id, 'rollback', { to: 1.5 }), 400, /to must be a deployment's number/)
  const answers = await Promise.all([act(fleet, three.id, 'rollback'), act(fleet, three.id, 'rollback')])
  const id = Number(answers[0]?.body.deployment)
  t.same(
    answers.map(({ body }) => body.deployment),
    [id, id],
  )
  t.match(answers[0]?.body, { sha: two.sha, environment: 'eu' })
  t.match(sandbox.deployments(shop).at(-1), {
    sha: two.sha,
    payload: { rollback_of: three.id, request: `rollback-${three.id}` },
  })
  t.same(await fleet.finalStates(id), ['pending', 'in_progress', 'success'])
  t.match(await recordOf(fleet, three.id), { rolledBackBy: id })
  t.match((await act(fleet, three.id, 'rollback')).body, {
    deployment: id,
    text: /rolls it back to .* already/,
  })
  isError(t, await act(fleet, id, 'rollback'), 409, /it is a rollback itself.* Name an earlier success/)
  const named = await act(fleet, id, 'rollback', { to: one.id })
  t.match(named.body, { sha: one.sha })
  t.same(await fleet.finalStates(Number(named.body.deployment)), ['pending', 'in_progress', 'success'])
})

t.test('promoted by a person: to what comes after, or to what is named; once', async (t) => {
  const { executor, fail } = pickyExecutor()
  const fleet = await startFleet(t, { config, rules: { executor } })
  const { sandbox } = fleet
  const { id, sha } = await deployNew(fleet, 'staging')
  const automatic = await sandbox.whenever(() => sandbox.deployments(shop)[1])
  await fleet.finalStates(automatic.id)
  t.match((await act(fleet, id, 'promote')).body, {
    deployment: automatic.id,
    text: /was made of it before; it is success/,
  })
  const [one, other] = await Promise.all([
    act(fleet, id, 'promote', { environment: 'EU' }),
    act(fleet, id, 'promote', { environment: 'eu' }),
  ])
  t.match(one?.body, { sha, environment: 'eu' })
  t.equal(one?.body.deployment, other?.body.deployment)
  t.same(await fleet.finalStates(Number(one?.body.deployment)), ['pending', 'in_progress', 'success'])
  t.match(await recordOf(fleet, Number(one?.body.deployment)), { promotedFrom: id })
  isError(t, await act(fleet, id, 'promote', { environment: 'staging' }), 422, /It is of staging itself/)
  isError(
    t,
    await act(fleet, automatic.id, 'promote'),
    422,
    /No environment of acme\/shop comes after production/,
  )
  const bad = await deployNew(fleet, 'staging', { fail })
  isError(t, await act(fleet, bad.id, 'promote'), 409, /has not succeeded, it is failure/)
  t.equal(sandbox.deployments(shop).length, 4)
})

t.test('a promotion that CI has stopped may be asked for again', async (t) => {
  const fleet = await startFleet(t, { config })
  const { sandbox } = fleet
  const { id, sha } = await deployNew(fleet, 'staging')
  await sandbox.createCommitStatus(shop, sha, { state: 'failure', context: 'ci/late' })
  isError(t, await act(fleet, id, 'promote', { environment: 'eu' }), 409, /has failed: ci\/late/)
  isError(t, await act(fleet, id, 'promote', { environment: 'eu' }), 409, /has failed: ci\/late/)
  await sandbox.createCommitStatus(shop, sha, { state: 'success', context: 'ci/late' })
  const { status, body } = await act(fleet, id, 'promote', { environment: 'eu' })
  t.equal(status, 201)
  t.same(await fleet.finalStates(Number(body.deployment)), ['pending', 'in_progress', 'success'])
})

t.test('a delivery is sent once more; what is not there, or may not be seen, is said', async (t) => {
  const fleet = await startFleet(t, { config })
  const { sandbox, receiver } = fleet
  await sandbox.push(shop, { message: 'A change' })
  const sent = await eventually(
    () => sandbox.deliveries().find(({ event, status }) => event === 'push' && status === 'OK'),
    'it is delivered',
  )
  const { status, body } = await receiver.act('POST', `/deliveries/${sent.guid}/replay`)
  t.equal(status, 202)
  t.match(body, { delivery: sent.guid, text: /GitHub sends .* \(push of acme\/shop\) once more/ })
  await eventually(
    async () => ((await receiver.api(`/deliveries/${sent.guid}`)).body.arrivals as unknown[]).length === 2,
    'it arrives again',
  )
  sandbox.faults.loseDeliveries({ event: 'push', times: 1 })
  await sandbox.push(shop, { message: 'Another' })
  const lost = await eventually(
    () =>
      sandbox
        .deliveries()
        .find(({ event, guid, status }) => event === 'push' && guid !== sent.guid && status !== null),
    'it is lost',
  )
  t.equal((await receiver.act('POST', `/deliveries/${lost.guid}/replay`)).status, 202, 'one that never came')
  await eventually(async () => (await receiver.api(`/deliveries/${lost.guid}`)).status === 200, 'it arrives')
  isError(t, await receiver.act('POST', '/deliveries/no-such/replay'), 404, /GitHub has no delivery no-such/)
  sandbox.faults.add({
    operation: 'repos/list-webhooks',
    answer: { status: 403, body: { message: 'Resource not accessible' } },
  })
  isError(
    t,
    await receiver.act('POST', `/deliveries/${sent.guid}/replay`),
    503,
    /may not see the webhooks of acme\/shop/,
  )
})
