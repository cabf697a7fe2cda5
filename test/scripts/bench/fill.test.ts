import t from 'tap'
import { fill } from '../../../scripts/bench/fill.ts'
import { tellLanes, tellStory } from '../../../scripts/bench/story.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores } from '../../src/api/stores.ts'

const now = Date.parse('2026-03-04T12:00:00Z')
const small = { environments: 30, deployments: 600, days: 90, seed: 7, now }

t.test('the story is as long as it was to be, and the same for the same seed', async (t) => {
  const lanes = tellLanes(small)
  const told = tellStory(lanes, small)
  t.equal(lanes.length, 30)
  t.equal(told.length, 600)
  t.strictSame(tellStory(lanes, small), told)
  t.equal(new Set(told.map(({ lane }) => lane)).size, 30, 'each environment has a part in it')
  t.ok(
    told.every(({ rollbackOf, id }) => rollbackOf === undefined || rollbackOf < id),
    'what is rolled back came before',
  )
  const states = new Set(told.map(({ state }) => state))
  for (const state of ['success', 'failure', 'error', 'inactive'] as const) t.ok(states.has(state), state)
})

t.test('what is filled in is read as what the scripts write', async (t) => {
  const receiver = await startReceiver(t)
  const { redis, keys, records, lanes } = await openStores(t, receiver)
  await fill(redis, receiver.prefix, { ...small, now: Date.now() })

  const overview = (await receiver.api('/overview')).body.environments as Record<string, unknown>[]
  t.ok(overview.length >= 30)
  t.ok(overview.filter(({ health }) => health === 'deployed' || health === 'verified').length > 15)
  const figures = (await receiver.api('/figures?days=90')).body
  t.ok((figures.total as { deployments: number }).deployments > 100)
  t.match(figures, { bands: { leadTime: String }, total: { leadTime: { medianSeconds: Number } } })
  const listed = (await receiver.api('/deployments?state=failure')).body.deployments as Record<
    string,
    unknown
  >[]
  t.ok(listed.length > 10)

  await receiver.deliver(signed('push', eventFrom()))
  const job = jobOf(900_000, {
    deployUser: 'ada',
    pullRequest: 1,
    branch: 'main',
    changedAt: '2026-01-01T00:00:00Z',
  })
  await records.accept(job)
  const entry = await lanes.enter(job, 'supersede', 'host-1', 'digest')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await lanes.finish(job, entry.fence, 'success', 'Done.', { verified: true })
  const real = Object.keys(await redis.hgetall(keys.record(900_000))).sort()
  const like = (await records.read(900_000))?.state
  t.equal(like, 'success')
  const ids = await redis.zrange(keys.all, 0, '-1')
  const fields = await Promise.all(ids.slice(0, 300).map((id) => redis.hgetall(keys.record(id))))
  const verified = fields.find(
    ({ verifiedAt, rollbackOf }) => verifiedAt !== undefined && rollbackOf === undefined,
  )
  t.strictSame(Object.keys(verified ?? {}).sort(), real)
})
