// The trace that deliveries leave, through the receiver and its API.
import { Redis } from 'ioredis'
import t from 'tap'
import type { Arrival } from '../../../src/deliveries/arrival.ts'
import { openTrace } from '../../../src/deliveries/trace.ts'
import { handledPayloads, signed, signedBody } from '../../fixtures/deliveries.ts'
import { isError, startReceiver } from '../../fixtures/receiver.ts'
import { ownRedis, testRedis } from '../../fixtures/redis.ts'
import { eventFrom } from '../api/stores.ts'

type Listed = Record<string, unknown>[]

t.test('each verdict is in the trace, and what is not signed is not', async (t) => {
  const receiver = await startReceiver(t)
  const { merged, deployment } = handledPayloads()
  const repository = merged.repository.full_name
  const job = { name: 'start-deployment', id: 'merge-186853002-2' }
  await receiver.deliver(signed('pull_request', merged, { delivery: 'one' }))
  await receiver.deliver(signed('pull_request', merged, { delivery: 'one' }))
  await receiver.deliver(signed('push', eventFrom(), { delivery: 'two' }))
  await receiver.deliver(signed('ping', { zen: 'x' }, { delivery: 'three' }))
  await receiver.deliver(signed('deployment', { action: 'created', sender: 'nobody' }, { delivery: 'four' }))
  await receiver.deliver(signedBody('ping', 'not JSON', { delivery: 'five' }))
  await receiver.deliver(signed('deployment', deployment, { delivery: 'six', secret: 'another' }))
  const { 'x-github-delivery': _gone, ...headers } = signed('push', {}).headers
  await receiver.deliver({ headers, body: signed('push', {}).body })

  const { status, body } = await receiver.api('/deliveries')
  t.equal(status, 200)
  t.equal(body.next, null)
  const all = body.deliveries as Listed
  t.match(
    all.toReversed(),
    [
      {
        delivery: 'one',
        event: 'pull_request',
        action: 'closed',
        repository,
        outcome: 'queued',
        jobs: [job],
      },
      { delivery: 'one', repository, outcome: 'duplicate', jobs: [job], reason: null },
      {
        delivery: 'two',
        event: 'push',
        repository: 'acme/shop',
        repositoryId: 42,
        sender: 'octocat',
        outcome: 'ignored',
        reason: 'No environment of acme/shop deploys pushes.',
      },
      { delivery: 'three', event: 'ping', action: null, repository: null, outcome: 'pong', jobs: [] },
      { delivery: 'four', outcome: 'refused', reason: /lacks what the job needs: repository,/, sender: null },
      { delivery: 'five', event: 'ping', outcome: 'refused', reason: 'The body is not JSON.' },
      { delivery: '', event: 'push', outcome: 'refused', reason: /X-GitHub-Delivery is missing/ },
    ],
    'oldest first',
  )
  t.equal(all.length, 7)
  for (const { receivedAt } of all) t.ok(Math.abs(Date.parse(String(receivedAt)) - Date.now()) < 60_000)

  const listed = async (query: string) => {
    const answer = await receiver.api(`/deliveries?${query}`)
    return (answer.body.deliveries as Listed).map(({ delivery, outcome }) => `${delivery} ${outcome}`)
  }
  t.strictSame(await listed('repository=ACME/Shop'), ['two ignored'])
  t.strictSame(await listed('event=ping&outcome=refused'), ['five refused'])
  t.strictSame(await listed(`repository=${repository}&outcome=duplicate`), ['one duplicate'])
  t.strictSame(await listed('repository=acme/never'), [])

  const one = await receiver.api('/deliveries/one')
  t.match(one.body, { delivery: 'one', arrivals: [{ outcome: 'duplicate' }, { outcome: 'queued' }] })
  isError(t, await receiver.api('/deliveries/six'), 404, /^No delivery six is in the trace/)
})

t.test('pages, and queries that are not understood', async (t) => {
  const receiver = await startReceiver(t)
  const guids = Array.from({ length: 7 }, (_, index) => `guid-${index}`)
  for (const delivery of guids) await receiver.deliver(signed('push', eventFrom(), { delivery }))
  const seen: unknown[] = []
  let path: string | undefined = '/deliveries?limit=3&event=push'
  let pages = 0
  while (path !== undefined) {
    const { body } = await receiver.api(path)
    seen.push(...(body.deliveries as Listed).map(({ delivery }) => delivery))
    pages++
    path = body.next === null ? undefined : String(body.next).replace('http://livraison.test/api', '')
  }
  t.strictSame(seen, guids.toReversed())
  t.equal(pages, 3)
  const rows: [query: string, complaint: RegExp][] = [
    ['limit=0', /limit must be a whole number from 1 to 200/],
    ['limit=201', /limit must be a whole number/],
    ['limit=ten', /limit must be a whole number/],
    ['before=x', /before must be an id such as/],
    ['repository=shop', /repository must be a full name such as acme\/shop/],
    ['outcome=good', /outcome must be one of queued, duplicate, ignored, pong, refused, unavailable/],
    ['event=a&event=b', /event must be given once/],
    ['repo=acme/shop', /repo means nothing here/],
    ['limit=0&colour=red', /limit must .*colour means nothing here/],
  ]
  for (const [query, complaint] of rows)
    isError(t, await receiver.api(`/deliveries?${query}`), 400, complaint)
})

t.test('a repository is found by the name it has now', async (t) => {
  const receiver = await startReceiver(t)
  await receiver.deliver(signed('push', eventFrom('acme/shop', 42), { delivery: 'before' }))
  await receiver.deliver(signed('repository', eventFrom('acme/store', 42), { delivery: 'after' }))
  await receiver.deliver(signed('push', eventFrom('acme/shop', 43), { delivery: 'another' }))
  const guids = async (name: string) => {
    const { body } = await receiver.api(`/deliveries?repository=${name}`)
    return (body.deliveries as Listed).map(({ delivery }) => delivery)
  }
  t.strictSame(await guids('acme/store'), ['after', 'before'])
  t.strictSame(await guids('acme/shop'), ['another'])
})

t.test('an answer that can be given is given in time though no trace can be written', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{trace}' } })
  await receiver.deliver(signed('ping', {}))
  const deliver = async () => {
    const beganAt = performance.now()
    const { status } = await receiver.deliver(signed('push', eventFrom()))
    return { status, ms: performance.now() - beganAt }
  }
  redis.pause()
  const paused = await deliver()
  t.equal(paused.status, 200)
  t.ok(paused.ms < 1500, 'it did not wait for Redis', paused)
  isError(t, await receiver.api('/deliveries'), 503, /^Redis cannot be reached/)
  redis.resume()
  await redis.kill()
  t.equal((await deliver()).status, 200)
  const said = receiver.log.filter(({ msg }) => msg.startsWith('deliveries leave no trace'))
  t.equal(said.length, 1, 'it is said once')
})

t.test("a repository's newest are found among many of others, and its older ones after them", async (t) => {
  const { url, prefix } = await testRedis(t)
  const redis = new Redis(url)
  t.teardown(() => redis.disconnect())
  const trace = openTrace(redis, prefix)
  const arrival = (guid: string, id: number): Arrival => ({
    ...{ guid, event: 'push', outcome: 'ignored', jobs: [] },
    repository: { id, fullName: `acme/${id}` },
  })
  const guids = Array.from({ length: 1200 }, (_, index) => `guid-${index}`)
  for (const [index, guid] of guids.entries()) {
    await Promise.all(
      [7, 7, 8].map((id) => trace.record(arrival(`${guid}-${id}`, index % 2 === 0 ? id : 9), 1)),
    )
  }
  const expected = guids.filter((_, index) => index % 2 === 0).toReversed()
  const seen: string[] = []
  let before: string | undefined
  do {
    const page = await trace.list({ repositoryId: 7 }, 101, before)
    seen.push(...page.arrivals.map((each) => each.guid))
    before = page.next
  } while (before !== undefined)
  t.strictSame(
    seen,
    expected.flatMap((guid) => [`${guid}-7`, `${guid}-7`]),
  )
  t.equal((await trace.list({ repositoryId: 8, event: 'ping' }, 10)).arrivals.length, 0)
  t.equal(await redis.llen(`${prefix}:deliveries:of:7`), 500, 'the index is bounded')
})
