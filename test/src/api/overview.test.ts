import t from 'tap'
import { signed } from '../../fixtures/deliveries.ts'
import { isError, startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores } from './stores.ts'

type Body = Record<string, unknown>

async function open(t: Parameters<typeof startReceiver>[0]) {
  const receiver = await startReceiver(t)
  const stores = await openStores(t, receiver)
  const { records, lanes } = stores
  await receiver.deliver(signed('push', eventFrom()))
  const run = async (id: number, state: 'success' | 'failure', changes: Parameters<typeof jobOf>[1] = {}) => {
    const job = jobOf(id, changes)
    await records.accept(job)
    const entry = await lanes.enter(job, 'queue', 'host-1')
    if (entry.outcome !== 'run') throw new Error(entry.outcome)
    await lanes.begin(job, entry.fence)
    await lanes.finish(job, entry.fence, state, 'Over.')
    await records.close(id)
  }
  return { ...receiver, ...stores, run }
}

t.test('how things stand in each environment', async (t) => {
  const { api, run, deliver, records } = await open(t)
  await deliver(signed('push', eventFrom('acme/till', 43)))
  await run(1, 'success')
  await run(2, 'failure')
  await records.accept(jobOf(3))
  const { status, body } = await api('/overview')
  t.equal(status, 200)
  const environments = body.environments as Body[]
  t.match(environments, [
    {
      repository: 'acme/shop',
      repositoryId: 42,
      environment: 'production',
      health: 'failing',
      current: { id: 1, repository: 'acme/shop', state: 'success', sha: jobOf(1).deployment.sha },
      failed: { id: 2 },
      running: null,
      waiting: [{ id: 3 }],
      waitsFor: null,
      behind: null,
      behindUnknown: null,
      locks: [],
      freezes: [],
    },
    { repository: 'acme/till', environment: 'production', health: 'nothing', current: null, failed: null },
  ])
  t.equal(((await api('/overview?repository=ACME/till')).body.environments as Body[]).length, 1)
  t.strictSame((await api('/overview?repository=acme/none')).body, { environments: [] })
  isError(t, await api('/overview?repository=none'), 400, /repository must be a full name/)
  isError(t, await api('/overview?limit=1'), 400, /limit means nothing here/)
})

t.test('somebody who looks has GitHub asked, once', async (t) => {
  const { api, run, jobIds } = await open(t)
  await run(1, 'success')
  t.strictSame(
    (await jobIds()).filter((id) => id.startsWith('compare')),
    [],
    'nobody has looked yet',
  )
  await Promise.all([api('/overview'), api('/overview'), api('/overview')])
  const { sha } = jobOf(1).deployment
  t.strictSame(
    (await jobIds()).filter((id) => id.startsWith('compare')),
    [`compare-42-${sha}@HEAD`],
  )
})

t.test('the four figures', async (t) => {
  const { api, run } = await open(t)
  const changedAt = new Date(Date.now() - 2 * 3600_000).toISOString()
  await run(1, 'success', { changedAt })
  await run(2, 'failure')
  await run(3, 'success', { environment: 'staging', production: false })
  await run(4, 'success', { rollbackOf: 2 })
  const { status, body } = await api('/figures?days=7')
  t.equal(status, 200)
  t.match(body, {
    days: 7,
    repository: null,
    environment: null,
    environments: 1,
    deploymentsPerDay: Number,
    bands: { leadTime: 'elite', changeFailureRate: 'low', timeToRestore: 'elite' },
    step: 'day',
    total: {
      deployments: 1,
      changes: 2,
      failed: 1,
      changeFailureRate: 0.5,
      leadTime: { count: 1 },
      timeToRestore: { count: 1, medianSeconds: 0, p90Seconds: 0 },
      from: /T00:00:00.000Z$/,
    },
  })
  const lead = ((body.total as Body).leadTime as { medianSeconds: number }).medianSeconds
  t.ok(lead >= 7200 && lead < 7300, String(lead))
  const buckets = body.buckets as Body[]
  t.equal(buckets.length, 7)
  t.match(buckets.at(-1), { deployments: 1, failed: 1 })
  t.match(buckets[0], {
    deployments: 0,
    changeFailureRate: null,
    leadTime: { count: 0, medianSeconds: null },
  })

  t.match((await api('/figures?environment=staging')).body, {
    days: 30,
    total: { deployments: 1, changes: 1 },
  })
  t.match((await api('/figures?repository=acme/shop')).body, { total: { changes: 2 } })
  t.match((await api('/figures?repository=acme/none')).body, {
    deploymentsPerDay: null,
    bands: { deploymentFrequency: null, leadTime: null },
    total: { changes: 0 },
  })
  t.match((await api('/figures?days=365')).body, { step: 'week' })
  for (const days of ['6', '366', 'x', '']) {
    isError(t, await api(`/figures?days=${days}`), 400, /days must be a whole number from 7 to 365/)
  }
})

t.test('what a deployment brings, and how long one usually takes', async (t) => {
  const { api, run, redis, keys, jobIds, prefix } = await open(t)
  await run(1, 'success')
  await run(2, 'success')
  await redis.hset(keys.record(1), 'startedAt', 1000, 'finishedAt', 4000)
  await redis.hset(keys.record(2), 'startedAt', 5000, 'finishedAt', 6000)
  t.match((await api('/deployments/acme/shop/1')).body, { changes: null, usualSeconds: 2 })
  t.match((await api('/deployments/acme/shop/2')).body, { changes: null })
  const [one, two] = [jobOf(1).deployment.sha, jobOf(2).deployment.sha]
  t.ok((await jobIds()).includes(`compare-42-${one}@${two}`))
  const commits = [{ sha: two, title: 'Mend the cart', author: 'octocat' }]
  await redis.hset(`${prefix}:comparison:42:${one}:${two}`, {
    ahead: 1,
    behind: 0,
    commits: JSON.stringify(commits),
  })
  t.match((await api('/deployments/acme/shop/2')).body, {
    changes: { since: { id: 1, sha: one }, ahead: 1, behind: 0, commits },
  })
  await run(3, 'success', { sha: two })
  t.match((await api('/deployments/acme/shop/3')).body, {
    changes: { since: { id: 2 }, ahead: 0, commits: [] },
  })
})
