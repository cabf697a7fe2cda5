import t from 'tap'
import { signed } from '../../fixtures/deliveries.ts'
import { isError, startReceiver } from '../../fixtures/receiver.ts'
import { eventFrom, jobOf, openStores } from './stores.ts'

type Listed = Record<string, unknown>[]

t.test('deployments are listed newest first, filtered, in pages', async (t) => {
  const receiver = await startReceiver(t)
  const { records, lanes } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom()))
  for (let id = 1; id <= 5; id++) await records.accept(jobOf(id))
  for (let id = 6; id <= 8; id++) await records.accept(jobOf(id, { environment: 'staging' }))
  await records.accept({ ...jobOf(9), repository: { id: 43, owner: 'acme', name: 'till' } })
  await lanes.end(jobOf(2), 'error', 'Given up.')
  const ids = async (query: string) => {
    const { body } = await receiver.api(`/deployments?${query}`)
    return (body.deployments as Listed).map(({ id }) => id)
  }
  t.strictSame(await ids(''), [9, 8, 7, 6, 5, 4, 3, 2, 1])
  t.strictSame(await ids('repository=acme/shop'), [8, 7, 6, 5, 4, 3, 2, 1])
  t.strictSame(await ids('repository=Acme/SHOP&environment=production'), [5, 4, 3, 2, 1])
  t.strictSame(await ids('environment=staging'), [8, 7, 6])
  t.strictSame(await ids('state=error'), [2])
  t.strictSame(await ids('state=pending&before=4'), [3, 1])
  t.strictSame(await ids('repository=acme/never'), [])

  const seen: unknown[] = []
  let path: string | undefined = '/deployments?limit=2&environment=production'
  while (path !== undefined) {
    const { body } = await receiver.api(path)
    seen.push(...(body.deployments as Listed).map(({ id }) => id))
    path = body.next === null ? undefined : String(body.next).replace('http://livraison.test/api', '')
  }
  t.strictSame(seen, [9, 5, 4, 3, 2, 1])

  const rows: [query: string, complaint: RegExp][] = [
    ['state=done', /state must be one of pending, queued, in_progress, success, failure, error, inactive/],
    ['before=-1', /before must be a deployment's number/],
    ['before=9007199254740993', /before must be a deployment's number/],
    ['environment=', /environment must not be empty/],
    ['limit=1&limit=2', /limit /],
  ]
  for (const [query, complaint] of rows)
    isError(t, await receiver.api(`/deployments?${query}`), 400, complaint)
})

t.test('more than one look into the index finds what is rare', async (t) => {
  const receiver = await startReceiver(t)
  const { records, lanes } = await openStores(t, receiver)
  const all = Array.from({ length: 250 }, (_, index) => index + 1)
  await Promise.all(all.map((id) => records.accept(jobOf(id))))
  await lanes.end(jobOf(3), 'error', 'Given up.')
  const { body } = await receiver.api('/deployments?state=error')
  t.match(body, { deployments: [{ id: 3, state: 'error' }], next: null })
})

t.test('one deployment, with its statuses and its life in words', async (t) => {
  const receiver = await startReceiver(t)
  const { redis, keys, records, lanes } = await openStores(t, receiver)
  const job = jobOf(12, { environment: 'review/1', pullRequest: 7, deployUser: 'hubot' })
  await records.accept(job)
  await lanes.sayWaiting(12, 'review/1 is busy with #11.')
  const entry = await lanes.enter(job, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await redis.hset(keys.record(12), 'sent', 3)
  await lanes.finish(job, entry.fence, 'failure', 'It answered 500.')

  const { status, body } = await receiver.api('/deployments/acme/shop/12')
  t.equal(status, 200)
  const self = 'http://livraison.test/api/deployments/acme/shop/12'
  t.match(body, {
    id: 12,
    repository: 'acme/shop',
    repositoryId: 42,
    environment: 'review/1',
    ref: 'main',
    sha: job.deployment.sha,
    state: 'failure',
    description: '#12 Mend the cart',
    creator: 'octocat',
    deployUser: 'hubot',
    pullRequest: 7,
    worker: 'host-1',
    delivery: 'delivery-12',
    createdAt: '2026-01-02T03:04:05.000Z',
    acceptedAt: /^20..-..-..T..:..:..\....Z$/,
    startedAt: /Z$/,
    finishedAt: /Z$/,
    urls: { self, log: `${self}/log`, github: 'https://github.com/acme/shop/deployments/review%2F1' },
    statuses: [
      { state: 'pending', sent: true },
      { state: 'queued', description: 'review/1 is busy with #11.', sent: true },
      { state: 'in_progress', sent: true },
      { state: 'failure', description: 'It answered 500.', sent: false, at: /Z$/ },
    ],
    unreportable: null,
  })
  t.strictSame(
    (body.timeline as Listed).map(({ what, text }) => `${what}: ${text}`),
    [
      'created: octocat created the deployment of 0000000 to review/1 at GitHub.',
      'accepted: A worker accepted it; delivery delivery-12 had asked for it.',
      'waiting: It waited: review/1 is busy with #11.',
      'started: host-1 began the work.',
      'finished: It failed: It answered 500. GitHub has not been told yet.',
    ],
  )
})

t.test('a time that is none breaks nothing', async (t) => {
  const receiver = await startReceiver(t)
  const { records } = await openStores(t, receiver)
  await records.accept(jobOf(5, { createdAt: 'once upon a time' }))
  t.match(await receiver.api('/deployments'), { status: 200, body: { deployments: [{ createdAt: null }] } })
  t.match(await receiver.api('/deployments/acme/shop/5'), { status: 200 })
})

t.test('the number is the identity, and the repository must be its own', async (t) => {
  const receiver = await startReceiver(t)
  const { records } = await openStores(t, receiver)
  await records.accept(jobOf(5))
  await receiver.deliver(signed('repository', eventFrom('acme/store')))
  for (const name of ['acme/store', 'acme/shop', 'ACME/Store']) {
    t.match(await receiver.api(`/deployments/${name}/5`), {
      status: 200,
      body: { repository: 'acme/store', urls: { self: /\/acme\/store\/5$/ } },
    })
  }
  t.match((await receiver.api('/deployments?repository=acme/store')).body, { deployments: [{ id: 5 }] })
  for (const path of ['evil/shop/5', 'acme/shop/6', 'acme/shop/x', 'acme/shop/05', 'acme/shop/1e1']) {
    isError(t, await receiver.api(`/deployments/${path}`), 404, /^Livraison knows no deployment #/)
    isError(t, await receiver.api(`/deployments/${path}/log`), 404, /^Livraison knows no deployment #/)
  }
})
