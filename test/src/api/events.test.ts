// The feed of changes as server-sent events.
import t from 'tap'
import { concerns } from '../../../src/api/events/concerns.ts'
import { withHeartbeat } from '../../../src/api/events/with-heartbeat.ts'
import type { PresentedChange } from '../../../src/api/schema/event.ts'
import { changesKey, keptChanges } from '../../../src/feed/note.ts'
import { openFeedWriter } from '../../../src/feed/writer.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { isError, type Receiver, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { type ReadEvent, readEvents } from './read-events.ts'
import { eventFrom, jobOf, openStores } from './stores.ts'

const authorization = `Bearer ${testAdminToken}`

function follow(receiver: Receiver, query = '', headers: Record<string, string> = {}) {
  return readEvents(`${receiver.url}/api/events${query}`, { authorization, ...headers })
}

async function take(events: AsyncIterator<ReadEvent>, count: number): Promise<ReadEvent[]> {
  const taken: ReadEvent[] = []
  while (taken.length < count) {
    const { value, done } = await events.next()
    if (done) throw new Error(`it ended after ${taken.length} events`)
    taken.push(value)
  }
  return taken
}

const dataOf = ({ data }: ReadEvent) => JSON.parse(data) as PresentedChange

t.test('what changes comes with names for people, and is resumed after the last event', async (t) => {
  const receiver = await startReceiver(t)
  const { records, lanes } = await openStores(t, receiver)
  await receiver.deliver(signed('push', eventFrom('acme/store')))
  const { status, headers, events, leave } = await follow(receiver)
  t.equal(status, 200)
  t.match(headers.get('content-type'), /^text\/event-stream/)
  t.equal(headers.get('cache-control'), 'no-store')
  await records.accept(jobOf(5))
  const [first] = await take(events, 1)
  t.match(first, { event: 'deployment', id: /^\d+-\d+$/ })
  t.match(first && dataOf(first), {
    kind: 'deployment',
    repository: 'acme/store',
    repositoryId: 42,
    environment: 'production',
    deployment: 5,
    state: 'pending',
    at: /Z$/,
  })
  leave()
  await lanes.sayWaiting(5, 'It waits.')
  await lanes.end(jobOf(5), 'error', 'Given up.')
  const again = await follow(receiver, '', { 'last-event-id': first?.id ?? '' })
  const rest = await take(again.events, 2)
  t.strictSame(
    rest.map((each) => dataOf(each).state),
    ['queued', 'error'],
  )
  await receiver.deliver(signed('ping', {}))
  const [delivery] = await take(again.events, 1)
  t.match(delivery && dataOf(delivery), {
    kind: 'delivery',
    repository: null,
    repositoryId: null,
    state: null,
  })
  again.leave()
})

t.test('a repository that nothing came from yet has the name of its deployment', async (t) => {
  const receiver = await startReceiver(t)
  const { records } = await openStores(t, receiver)
  const { events, leave } = await follow(receiver)
  await records.accept(jobOf(5))
  const [first] = await take(events, 1)
  t.equal(first && dataOf(first).repository, 'acme/shop')
  leave()
})

t.test('filters', async (t) => {
  const receiver = await startReceiver(t)
  const { records } = await openStores(t, receiver)
  const followed = await Promise.all(
    ['?repository=ACME/shop', '?environment=staging', '?deployment=6&repository=acme/shop'].map((query) =>
      follow(receiver, query),
    ),
  )
  await records.accept({ ...jobOf(4), repository: { id: 43, owner: 'acme', name: 'till' } })
  await records.accept(jobOf(5))
  await records.accept(jobOf(6, { environment: 'staging' }))
  await records.accept(jobOf(7, { environment: 'staging' }))
  const expected = [[5, 6, 7], [6, 7], [6]]
  for (const [index, { events, leave }] of followed.entries()) {
    const taken = await take(events, expected[index]?.length ?? 0)
    t.strictSame(
      taken.map((each) => dataOf(each).deployment),
      expected[index],
    )
    leave()
  }
  isError(
    t,
    await receiver.api('/events?repository=shop'),
    400,
    /^The query is not understood: repository must be/,
  )
  isError(
    t,
    await receiver.api('/events?deployment=x&y=1'),
    400,
    /deployment must be .*; y means nothing here\.$/,
  )
})

t.test('which changes concern whom', async (t) => {
  const nothing = {
    repository: null,
    repositoryId: null,
    environment: null,
    deployment: null,
    state: null,
    at: null,
  }
  const lock = (place: Partial<PresentedChange>): PresentedChange => ({ ...nothing, kind: 'lock', ...place })
  const of = { repository: 'acme/shop', environment: 'production' }
  t.equal(concerns(lock({}), of), true, 'a lock on everything')
  t.equal(concerns(lock({ repository: 'acme/shop' }), of), true, 'on the repository')
  t.equal(concerns(lock({ repository: 'acme/till' }), of), false, 'on another')
  t.equal(concerns(lock({ ...of, environment: 'staging' }), of), false, 'on another environment')
  t.equal(concerns({ ...nothing, kind: 'delivery' }, of), false, 'a delivery of no repository')
  t.equal(concerns({ ...nothing, kind: 'delivery', repository: 'acme/shop' }, of), false, 'of no environment')
  t.equal(concerns(lock({}), { deployment: 5 }), false)
  t.equal(concerns({ ...nothing, kind: 'missed' }, { ...of, deployment: 5 }), true)
})

t.test('whoever was away for too long is told so', async (t) => {
  const receiver = await startReceiver(t)
  const { redis } = await openStores(t, receiver)
  const writer = openFeedWriter(redis, receiver.prefix)
  await writer.note({ kind: 'freeze' })
  const [[id = ''] = []] = await redis.xrange(changesKey(receiver.prefix), '-', '+', 'COUNT', 1)
  for (let count = 0; count < keptChanges + 200; count += 200) {
    await Promise.all(Array.from({ length: 200 }, () => writer.note({ kind: 'lock' })))
  }
  const { events, leave } = await follow(receiver, '', { 'last-event-id': id })
  t.match(await take(events, 2), [{ event: 'missed', id }, { event: 'lock' }])
  leave()
})

t.test('no more may follow than there is room for', async (t) => {
  const receiver = await startReceiver(t, { mostFollowers: 2 })
  const both = [await follow(receiver), await follow(receiver)]
  t.strictSame(
    both.map(({ status }) => status),
    [200, 200],
  )
  const refused = await receiver.api('/events')
  isError(t, refused, 503, /^2 follow the events already, and no more can: try again later/)
  t.equal(refused.headers.get('retry-after'), '30')
  both[0]?.leave()
  await eventually(async () => {
    const { status, leave } = await follow(receiver)
    leave()
    return status === 200
  }, 'a place')
  both[1]?.leave()
})

t.test('a server that ends lets go of those who follow at once', async (t) => {
  let followed: Awaited<ReturnType<typeof follow>> | undefined
  let endedAt = 0
  await t.test('while one follows', async (t) => {
    const receiver = await startReceiver(t)
    const { records } = await openStores(t, receiver)
    followed = await follow(receiver)
    await records.accept(jobOf(5))
    await take(followed.events, 1)
    endedAt = performance.now()
  })
  const ms = performance.now() - endedAt
  t.ok(ms < 1500, 'the receiver was closed in time', { ms })
  t.equal((await followed?.events.next())?.done, true, 'and the stream with it')
})

t.test('while Redis is away whoever follows waits, and has all when it is back', async (t) => {
  const redis = await ownRedis(t, { persistent: true })
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{events}' } })
  const { events, leave } = await follow(receiver)
  t.equal((await receiver.deliver(signed('push', eventFrom()))).status, 200)
  t.match(await take(events, 1), [{ event: 'delivery' }])
  await redis.kill()
  const refused = await receiver.api('/events')
  isError(t, refused, 503, /^Redis cannot be reached/)
  t.equal(refused.headers.get('retry-after'), '10')
  await redis.restart()
  await eventually(async () => (await receiver.get('/readyz')).status === 200, 'Redis')
  for (const delivery of ['one', 'two']) await receiver.deliver(signed('push', eventFrom(), { delivery }))
  t.match(await take(events, 2), [{ event: 'delivery' }, { event: 'delivery' }])
  leave()
})

t.test("a deployment's whole way is followed while a worker goes it", async (t) => {
  const { receiver, merge } = await startFleet(t)
  const { events, leave } = await follow(receiver, `?repository=${shop}&environment=production`)
  await merge()
  const states = (await take(events, 3)).map((each) => dataOf(each).state)
  t.strictSame(states, ['pending', 'in_progress', 'success'])
  leave()
})

t.test('a heartbeat is sent while nothing comes', async (t) => {
  let goOn = () => {}
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  let left = false
  async function* slowly() {
    try {
      yield 'one'
      await gate
      yield 'two'
    } finally {
      left = true
    }
  }
  const events = withHeartbeat(slowly(), 10)
  t.equal((await events.next()).value, 'one')
  for (const _ of [1, 2]) t.equal((await events.next()).value, ': still here\n\n')
  goOn()
  const seen = new Set<string>()
  while (!seen.has('two')) seen.add(String((await events.next()).value))
  await events.return(undefined)
  t.equal(left, true, 'whoever leaves lets go of what it followed')
})
