// A deployment's log as text, and followed live over server-sent events.
import t, { type Test } from 'tap'
import { followLog } from '../../../src/api/log/follow.ts'
import { createLogWatch } from '../../../src/api/log/watch.ts'
import type { Executor } from '../../../worker/executors/executor.ts'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { isError, type Receiver, startReceiver, testAdminToken } from '../../fixtures/receiver.ts'
import { ownRedis } from '../../fixtures/redis.ts'
import { type ReadEvent, readEvents } from './read-events.ts'
import { jobOf, openStores } from './stores.ts'

const authorization = `Bearer ${testAdminToken}`

/** A deployment that runs, and a way to end it. */
async function runningDeployment(
  t: Test,
  receiver: { redisUrl: string; prefix: string },
  id = 5,
  environment = 'production',
) {
  const stores = await openStores(t, receiver)
  const job = jobOf(id, { environment })
  await stores.records.accept(job)
  const entry = await stores.lanes.enter(job, 'supersede', 'host-1')
  if (entry.outcome !== 'run') throw new Error(entry.outcome)
  await stores.lanes.begin(job, entry.fence)
  const finish = () => stores.lanes.finish(job, entry.fence, 'success', 'Done.')
  return { ...stores, finish, write: (...lines: string[]) => stores.logs.append(id, lines) }
}

function follow(receiver: Receiver, headers: Record<string, string> = {}, id = 5) {
  return readEvents(`${receiver.url}/api/deployments/acme/shop/${id}/log`, { authorization, ...headers })
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

t.test('as text: the lines as they were written', async (t) => {
  const receiver = await startReceiver(t)
  const { write } = await runningDeployment(t, receiver)
  const text = async () => {
    const answer = await fetch(`${receiver.url}/api/deployments/acme/shop/5/log`, {
      headers: { authorization },
    })
    t.equal(answer.headers.get('content-type'), 'text/plain; charset=utf-8')
    return answer.text()
  }
  t.equal(await text(), '', 'nothing is written yet')
  const lines = Array.from({ length: 1203 }, (_, index) => `line ${index} \u001b[31mé\u001b[0m 🚀`)
  await write(...lines)
  t.equal(await text(), `${lines.join('\n')}\n`)
})

t.test('followed live, and resumed after the last event that was read', async (t) => {
  const receiver = await startReceiver(t)
  const { write, finish } = await runningDeployment(t, receiver)
  await write('one', 'two')
  const first = await follow(receiver)
  t.equal(first.status, 200)
  t.match(first.headers.get('content-type'), /^text\/event-stream/)
  t.equal(first.headers.get('cache-control'), 'no-store')
  const before = await take(first.events, 2)
  t.match(before, [{ data: 'one' }, { data: 'two', id: /^\d+-\d+$/ }])
  await write('three')
  const [third] = await take(first.events, 1)
  t.equal(third?.data, 'three')
  first.leave()

  await write('four', 'five\rstill five')
  const second = await follow(receiver, { 'last-event-id': third?.id ?? '' })
  t.match(await take(second.events, 2), [{ data: 'four' }, { data: 'five\nstill five' }])
  await write('six')
  await finish()
  const last = await take(second.events, 2)
  t.match(last, [{ data: 'six' }, { event: 'end', data: '{"state":"success"}' }])
  t.equal((await second.events.next()).done, true, 'and then nothing more')

  const again = await follow(receiver, { 'last-event-id': last[0]?.id ?? '' })
  t.match(await take(again.events, 1), [{ event: 'end' }], 'resumed at the end, it ends')
  isError(t, await receiver.api('/deployments/acme/shop/6/log'), 404, /knows no deployment/)
})

t.test('many followers of two logs each get every line once, in order', async (t) => {
  const receiver = await startReceiver(t)
  const logged = [await runningDeployment(t, receiver, 5), await runningDeployment(t, receiver, 6, 'staging')]
  const followers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => follow(receiver, {}, 5 + (index % 2))),
  )
  for (const { status } of followers) t.equal(status, 200)
  const all = followers.map(async ({ events }) => {
    const lines: string[] = []
    for await (const { event, data } of events) if (event === 'message') lines.push(data)
    return lines
  })
  const lines = Array.from({ length: 700 }, (_, index) => `line ${index}`)
  for (let from = 0; from < lines.length; from += 70) {
    await Promise.all(logged.map(({ write }) => write(...lines.slice(from, from + 70))))
  }
  await Promise.all(logged.map(({ finish }) => finish()))
  for (const got of await Promise.all(all)) t.strictSame(got, lines)
})

t.test("a worker's run is followed from its first line to its end, across a lost connection", async (t) => {
  let goOn = () => {}
  const gate = new Promise<void>((resolve) => {
    goOn = resolve
  })
  const executor: Executor = async ({ log }) => {
    log('fetching')
    await gate
    log('switching')
    return { state: 'failure', description: 'The switch is stuck.' }
  }
  const { sandbox, receiver, merge } = await startFleet(t, { rules: { executor } })
  await merge()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await sandbox.whenever(() => deployment.statuses.some(({ state }) => state === 'in_progress'))
  const before = await follow(receiver, {}, deployment.id)
  const [line] = await take(before.events, 1)
  t.equal(line?.data, 'fetching')
  before.leave()
  const after = await follow(receiver, { 'last-event-id': line?.id ?? '' }, deployment.id)
  goOn()
  t.match(await take(after.events, 2), [{ data: 'switching' }, { event: 'end', data: '{"state":"failure"}' }])
})

t.test('once nobody follows, Redis is asked nothing more', async (t) => {
  const redis = await ownRedis(t)
  const receiver = await startReceiver(t, { redis: { url: redis.url, prefix: '{log}' } })
  const { redis: own, write } = await runningDeployment(t, receiver)
  await write('one')
  const { events, leave } = await follow(receiver)
  await take(events, 1)
  const idleSeconds = async () => {
    const list = String(await own.client('LIST'))
    const idle = [...list.matchAll(/ idle=(\d+) .* cmd=(\S+)/g)].filter(
      ([, , cmd]) => !cmd?.startsWith('client'),
    )
    return Math.min(...idle.map(([, seconds]) => Number(seconds)))
  }
  t.equal(await idleSeconds(), 0)
  leave()
  t.ok(await eventually(async () => (await idleSeconds()) >= 1, 'an idle connection'))
})

t.test('a Last-Event-ID that is none is refused', async (t) => {
  const receiver = await startReceiver(t)
  await runningDeployment(t, receiver)
  for (const id of ['x', '1', '-', '1-2-3']) {
    const { status } = await follow(receiver, { 'last-event-id': id })
    t.equal(status, 400, id)
  }
})

t.test('a server that ends lets go of those who follow at once', async (t) => {
  let followed: Awaited<ReturnType<typeof follow>> | undefined
  let endedAt = 0
  await t.test('while one follows', async (t) => {
    const receiver = await startReceiver(t)
    const { write } = await runningDeployment(t, receiver)
    await write('one')
    followed = await follow(receiver)
    await take(followed.events, 1)
    endedAt = performance.now()
  })
  const ms = performance.now() - endedAt
  t.ok(ms < 1500, 'the receiver was closed in time', { ms })
  t.equal((await followed?.events.next())?.done, true, 'and the stream with it')
})

t.test('while nothing happens a heartbeat is sent, and who leaves is let go', async (t) => {
  const receiver = await startReceiver(t)
  const { redis, keys, records, logs } = await runningDeployment(t, receiver)
  const watch = createLogWatch(redis, keys)
  const gone = new AbortController()
  const events = followLog({ records, logs }, watch, 5, { signal: gone.signal, heartbeatMs: 20 })
  t.match((await events.next()).value, /^retry: \d+\n\n$/)
  t.equal((await events.next()).value, ': still here\n\n')
  t.equal((await events.next()).value, ': still here\n\n')
  gone.abort()
  t.equal((await events.next()).done, true)
  t.equal(await watch.change(5, '', 60_000, gone.signal), undefined)
  watch.close()
  t.equal(
    await watch.change(5, '', 60_000, new AbortController().signal),
    undefined,
    'a closed watch waits for nothing',
  )
})
