// The feed of changes: what notes them, and those who follow it, through outages too.
import { once } from 'node:events'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Change, Feed } from '../../../src/feed/feed.ts'
import { changesKey, keptChanges } from '../../../src/feed/note.ts'
import { openFeed } from '../../../src/feed/open-feed.ts'
import { type FeedWriter, openFeedWriter } from '../../../src/feed/writer.ts'
import { connectFailingFast } from '../../../src/redis/redis.ts'
import { signed } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { startReceiver } from '../../fixtures/receiver.ts'
import { ownRedis, testRedis } from '../../fixtures/redis.ts'
import { eventFrom, jobOf, openStores } from '../api/stores.ts'

interface Opened {
  feed: Feed
  writer: FeedWriter
  redis: ReturnType<typeof connectFailingFast>
}

async function open(t: Test, { url, prefix }: { url: string; prefix: string }): Promise<Opened> {
  const redis = connectFailingFast(url, pino({ level: 'silent' }))
  await once(redis, 'ready')
  const feed = openFeed(redis, prefix)
  t.teardown(() => {
    feed.close()
    redis.disconnect()
  })
  return { feed, writer: openFeedWriter(redis, prefix), redis }
}

/** Follows a feed until the test ends, and gathers what comes. */
function gather(t: Test, feed: Feed, after: string) {
  const gone = new AbortController()
  t.teardown(() => gone.abort())
  const changes: Change[] = []
  const done = (async () => {
    for await (const change of feed.follow(after, gone.signal)) changes.push(change)
  })()
  return {
    changes,
    deployments: () => changes.map(({ deployment }) => deployment),
    done,
    leave: () => gone.abort(),
  }
}

const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index)

async function noteAll(writer: FeedWriter, deployments: number[]) {
  for (const deployment of deployments) {
    await writer.note({
      kind: 'deployment',
      repositoryId: 42,
      environment: 'production',
      deployment,
      state: 'pending',
    })
  }
}

t.test('each status of a deployment is noted as it is given, and each delivery', async (t) => {
  const receiver = await startReceiver(t)
  const { records, lanes, redis } = await openStores(t, receiver)
  const feed = openFeed(redis, receiver.prefix)
  t.teardown(() => feed.close())
  const { changes } = gather(t, feed, await feed.last())
  const job = jobOf(5, { environment: 'review/a:b' })
  await records.accept(job)
  await records.accept(job)
  await lanes.sayWaiting(5, 'It waits.')
  await lanes.sayWaiting(5, 'It waits.')
  const entry = await lanes.enter(job, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await lanes.begin(job, entry.fence)
  await lanes.deployed(job, entry.fence, 'Done.')
  await lanes.finish(job, entry.fence, 'success', 'Done.')
  await receiver.deliver(signed('push', eventFrom()))
  await receiver.deliver(signed('ping', {}))
  await eventually(() => changes.length >= 7, 'all that was noted')
  const of = { kind: 'deployment', repositoryId: 42, environment: 'review/a:b', deployment: 5 }
  t.strictSame(
    changes.map(({ id, ...change }) => change),
    [
      ...['pending', 'queued', 'in_progress', 'in_progress', 'success'].map((state) => ({ ...of, state })),
      { kind: 'delivery', repositoryId: 42 },
      { kind: 'delivery' },
    ],
  )
})

t.test('the newest is where to begin; what was before comes to those who ask for it', async (t) => {
  const { feed, writer } = await open(t, await testRedis(t))
  t.equal(await feed.last(), '0-0')
  await writer.note({ kind: 'freeze' })
  await noteAll(writer, [1, 2])
  const all = gather(t, feed, '0-0')
  const fresh = gather(t, feed, await feed.last())
  await noteAll(writer, [3])
  await eventually(() => all.changes.length === 4 && fresh.changes.length === 1, 'what each is to have')
  t.match(all.changes, [{ kind: 'freeze' }, { deployment: 1 }, { deployment: 2 }, { deployment: 3 }])
  t.strictSame(fresh.changes, all.changes.slice(3))
  t.equal(await feed.last(), fresh.changes[0]?.id)
})

t.test('one connection serves all who follow, and none is there while nobody does', async (t) => {
  const redis = await ownRedis(t)
  const { feed, writer, redis: own } = await open(t, { url: redis.url, prefix: '{feed}' })
  const blocked = async () => /^blocked_clients:(\d+)/m.exec(await own.info('clients'))?.[1]
  const connections = async () =>
    String(await own.client('LIST'))
      .trim()
      .split('\n').length
  t.equal(await connections(), 1)
  const followers = numbers(1, 30).map(() => gather(t, feed, '0-0'))
  await eventually(async () => (await blocked()) === '1', 'a connection that waits')
  t.equal(await connections(), 2)
  await noteAll(writer, numbers(1, 700))
  for (const follower of followers) {
    await eventually(() => follower.changes.length >= 700, 'all changes')
    t.strictSame(follower.deployments(), numbers(1, 700))
  }
  for (const { leave, done } of followers) {
    leave()
    await done
  }
  await eventually(async () => (await connections()) === 1, 'one connection')
  const again = gather(t, feed, followers[0]?.changes.at(-1)?.id ?? '')
  await noteAll(writer, [701])
  await eventually(() => again.changes.length > 0, 'what comes to one who follows again')
  t.strictSame(again.deployments(), [701])
})

t.test('Redis goes away and comes back: nothing is missed, nothing comes twice', async (t) => {
  const redis = await ownRedis(t, { persistent: true })
  const { feed, writer } = await open(t, { url: redis.url, prefix: '{feed}' })
  const followers = numbers(1, 3).map(() => gather(t, feed, '0-0'))
  const note = (deployment: number) =>
    eventually(
      () =>
        noteAll(writer, [deployment]).then(
          () => true,
          () => false,
        ),
      'a note',
    )
  for (const round of [0, 1, 2]) {
    for (const number of numbers(1, 20)) await note(100 * round + number)
    await redis.restart()
  }
  await note(1000)
  const expected = [0, 1, 2].flatMap((round) => numbers(100 * round + 1, 100 * round + 20)).concat(1000)
  for (const { changes, deployments } of followers) {
    await eventually(() => changes.at(-1)?.deployment === 1000, 'the last change')
    t.strictSame(deployments(), expected)
  }
})

t.test('the connection of those who follow is cut, and only that', async (t) => {
  const server = await ownRedis(t)
  const { feed, writer, redis } = await open(t, { url: server.url, prefix: '{feed}' })
  const { changes, deployments } = gather(t, feed, '0-0')
  const reader = async () => /id=(\d+) .* cmd=xread /.exec(String(await redis.client('LIST')))?.[1]
  for (const round of numbers(0, 4)) {
    const id = await eventually(reader, 'a connection that waits')
    await noteAll(writer, [2 * round + 1])
    await redis.client('KILL', 'ID', id)
    await noteAll(writer, [2 * round + 2])
  }
  await eventually(() => changes.at(-1)?.deployment === 10, 'the last change')
  t.strictSame(deployments(), numbers(1, 10))
})

t.test('who is too slow reads on in the stream, and is told of what it lost', async (t) => {
  const { url, prefix } = await testRedis(t)
  const { feed, redis, writer } = await open(t, { url, prefix })
  await noteAll(writer, [1])
  const gone = new AbortController()
  const slow = feed.follow('0-0', gone.signal)[Symbol.asyncIterator]()
  const quick = gather(t, feed, '0-0')
  t.match(await slow.next(), { value: { deployment: 1 } })
  const last = keptChanges + 1500
  await noteAll(writer, numbers(2, last))
  await eventually(() => quick.changes.at(-1)?.deployment === last, 'the last change')
  t.strictSame(quick.deployments(), numbers(1, last), 'whoever keeps up has all')

  t.match(await slow.next(), { value: { kind: 'missed', id: quick.changes[0]?.id } })
  const next = await slow.next()
  const [oldest] = await redis.xrange(changesKey(prefix), '-', '+', 'COUNT', 1)
  t.equal(next.value.id, oldest?.[0])
  t.ok((next.value?.deployment ?? 0) > 100, 'then what is still there', { next })
  for (let wanted = next.value.deployment + 1; wanted <= last; wanted++) {
    if ((await slow.next()).value.deployment !== wanted) t.fail(`not ${wanted}`)
  }
  gone.abort()
  t.equal((await slow.next()).done, true)
})

t.test('a feed that is closed lets all go, now and later', async (t) => {
  const { feed, writer } = await open(t, await testRedis(t))
  const before = gather(t, feed, '0-0')
  await noteAll(writer, [1])
  await eventually(() => before.changes.length === 1, 'a change')
  feed.close()
  await before.done
  const after = gather(t, feed, '0-0')
  await after.done
  t.strictSame(after.changes, [])
})
