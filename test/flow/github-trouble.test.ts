import t from 'tap'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'

const createStatus = 'repos/create-deployment-status'
const inOrder = ['pending', 'in_progress', 'success']

async function merged({ sandbox, merge }: Fleet) {
  await merge()
  return sandbox.whenever(() => sandbox.deployments(shop)[0])
}

for (const [name, answer] of [
  ['a 502', { status: 502 }],
  ['a connection cut before it does anything', 'reset-before'],
  ['a connection cut in the middle of its answer', 'reset-after'],
] as const) {
  t.test(`each call to GitHub meets ${name} once, and nothing is done twice`, async (t) => {
    const fleet = await startFleet(t)
    for (const operation of [
      'repos/list-deployments',
      'repos/create-deployment',
      'repos/list-deployment-statuses',
      createStatus,
    ]) {
      fleet.sandbox.faults.add({ operation, times: 1, answer })
    }
    const { id } = await merged(fleet)
    t.same(await fleet.finalStates(id), inOrder)
    t.equal(fleet.sandbox.deployments(shop).length, 1)
  })
}

t.test('work that is done is not done again because it could not be reported', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor: held.executor } })
  const { id } = await merged(fleet)
  await fleet.sandbox.whenever(() => fleet.states(id).includes('in_progress'))
  const fault = fleet.sandbox.faults.add({ operation: createStatus, times: 3, answer: { status: 503 } })
  held.end(id)
  t.same(await fleet.finalStates(id), inOrder)
  t.equal(fault.hits, 3)
  t.same(held.begun, [id])
})

t.test('work begins while GitHub takes no status, and all of them arrive in order', async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor: held.executor } })
  const { sandbox } = fleet
  const first = sandbox.faults.add({ operation: createStatus, times: 1, answer: { delayMs: 1 } })
  const { id } = await merged(fleet)
  await sandbox.whenever(() => first.hits === 1)
  sandbox.faults.add({ operation: createStatus, times: 2, answer: 'reset-after' })
  await eventually(() => held.running().includes(id), 'the work has begun')
  held.end(id)
  t.same(await fleet.finalStates(id), inOrder)
})

t.test('a limit that one worker meets slows the whole fleet down, for as long as GitHub says', async (t) => {
  const fleet = await startFleet(t, { workers: 2 })
  const { sandbox } = fleet
  sandbox.faults.add({
    operation: createStatus,
    times: 1,
    answer: {
      status: 403,
      headers: { 'retry-after': '1' },
      body: { message: 'You have exceeded a secondary rate limit' },
    },
  })
  const { id } = await merged(fleet)
  const limited = await sandbox.whenever(() => sandbox.requests.find(({ status }) => status === 403))
  t.same(await fleet.finalStates(id), inOrder)
  const soon = sandbox.requests.filter(({ at }) => at > limited.at && at < limited.at + 950)
  t.same(soon, [], 'no worker asked anything meanwhile')
  t.equal(fleet.log.filter(({ msg }) => /All workers wait/.test(msg)).length, 1)
})

t.test(
  'a token that is refused is said loudly once, and work goes on when it is accepted again',
  async (t) => {
    const fleet = await startFleet(t, { workers: 2 })
    const { sandbox } = fleet
    const fault = sandbox.faults.add({
      answer: { status: 401, body: { message: 'Bad credentials' } },
      times: 1,
    })
    await fleet.merge()
    await sandbox.whenever(() => fault.hits === 1)
    await eventually(() => fleet.log.some(({ msg }) => /GITHUB_TOKEN/.test(msg)), 'it is said')
    t.equal(fleet.log.filter(({ level }) => level >= 50).length, 1)
    const key = `${fleet.redis.prefix}:github:pause`
    const left = await fleet.store.pttl(key)
    t.ok(left > 50_000 && left <= 60_000, 'GitHub is left alone for a minute')
    t.equal(sandbox.deployments(shop).length, 0)
  },
)

t.test(
  'a repository that is gone ends its deployment, and a status that GitHub refuses is not repeated',
  async (t) => {
    const fleet = await startFleet(t)
    const { sandbox } = fleet
    const fault = sandbox.faults.add({
      operation: createStatus,
      answer: {
        status: 422,
        body: { message: 'This deployment has reached the maximum number of statuses.' },
      },
    })
    const { id } = await merged(fleet)
    const record = await eventually(async () => {
      const [state, reason] = await fleet.store.hmget(
        `${fleet.redis.prefix}:deployment:${id}`,
        'state',
        'unreportable',
      )
      return state === 'error' ? { state, reason } : undefined
    }, 'the deployment has ended')
    t.match(record.reason, /422 .* maximum number of statuses/)
    t.equal(fault.hits, 1)
  },
)
