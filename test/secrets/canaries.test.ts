// Secrets are planted wherever one can be; then everything is done, everything fails, and everything is searched for them.
import { Redis } from 'ioredis'
import t from 'tap'
import { createCanaries } from '../fixtures/canaries.ts'
import { startCollector } from '../fixtures/collector.ts'
import { crawl } from '../fixtures/crawl.ts'
import { handledPayloads, signed } from '../fixtures/deliveries.ts'
import { eventually, shop } from '../fixtures/fleet.ts'
import { type Processes, startProcesses } from '../fixtures/processes.ts'
import { deliverTo } from '../fixtures/receiver.ts'
import { type OwnRedis, ownRedis } from '../fixtures/redis.ts'
import { readEverything } from '../fixtures/redis-contents.ts'
import { watchChildren } from '../fixtures/watch-children.ts'
import { addresses, startEcho } from './places.ts'
import { plantAll } from './planted.ts'

t.setTimeout(240_000)

/** Nothing listens there, on any machine. Port 1 is one that clients refuse by themselves. */
const deadPort = 2

/** Sets the password of a Redis that has none, or had another. */
async function setPassword({ url }: OwnRedis, password: string, before?: string): Promise<void> {
  const redis = new Redis(url, before === undefined ? {} : { password: before })
  await redis.config('SET', 'requirepass', password)
  redis.disconnect()
}

/** Merges a pull request; production has it, and what comes after production has ended in every way. */
async function goThroughEverything({ sandbox, url }: Processes, secret: string): Promise<void> {
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  await sandbox.createHook(shop, { url: `${url}/event_handler`, secret, contentType: 'json' })
  const { number } = await sandbox.openPullRequest(shop, { title: 'Mend the cart' })
  await sandbox.comment(shop, number, '/help')
  sandbox.faults.add({ operation: 'repos/create-deployment-status', times: 2, answer: { status: 500 } })
  sandbox.faults.add({ operation: 'repos/list-deployment-statuses', times: 1, answer: 'reset-before' })
  await sandbox.mergePullRequest(shop, number)
  const ended = () =>
    sandbox
      .deployments(shop)
      .map(({ environment, statuses }) => `${environment}: ${statuses.at(-1)?.state}`)
      .filter((end) => /success|failure|error/.test(end))
  await sandbox.whenever(() => ended().length === 5, { what: 'five ends', timeoutMs: 60_000 })
  t.same(
    new Set(ended()),
    new Set([
      'production: success',
      ...['broken', 'asked', 'unreachable', 'verified'].map((name) => `${name}: failure`),
    ]),
  )
}

/** Redis is away, comes back as one that wants no password, then another one, and at last the right one. */
async function loseRedis(
  redis: OwnRedis,
  { url }: Processes,
  password: string,
  secret: string,
): Promise<void> {
  const isReady = async () => (await fetch(`${url}/readyz`)).ok
  await redis.kill()
  await eventually(async () => !(await isReady()), 'that the receiver misses Redis')
  await deliverTo(url, signed('pull_request', handledPayloads().merged, { secret }))
  await redis.restart()
  await eventually(isReady, 'that Redis is back', 20_000)
  await setPassword(redis, 'of another')
  await cutOff(redis, 'of another')
  await eventually(async () => !(await isReady()), 'that Redis refuses the receiver', 20_000)
  await setPassword(redis, password, 'of another')
  await eventually(isReady, 'that Redis takes the right password', 20_000)
}

async function cutOff({ url }: OwnRedis, password: string): Promise<void> {
  const redis = new Redis(url, { password })
  await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')
  redis.disconnect()
}

t.test('no secret is anywhere where it should not be', async (t) => {
  const canaries = createCanaries()
  const [echo, collector, redis] = [
    await startEcho(t),
    await startCollector(t),
    await ownRedis(t, { persistent: true }),
  ]
  const planted = plantAll(canaries, { server: echo.url, deadPort, collector: collector.url })
  const { settings, config, token, redisPassword, adminToken, webhookSecret } = planted
  t.same(canaries.findIn(`{"a":"${token}"}`), ['github-token'], 'what is planted is found')
  await setPassword(redis, redisPassword)
  const redisUrl = `redis://:${redisPassword}@127.0.0.1:${redis.port}`
  const processes = await startProcesses(t, { redisUrl, settings, config, token })
  const { sandbox, url, receiver, worker, metricsPort } = processes
  const children = watchChildren(
    t,
    [receiver, worker].map(({ child }) => child.pid ?? 0),
  )
  const clean = (what: string, content: string | Buffer) => t.same(canaries.findIn(content), [], what)

  await goThroughEverything(processes, webhookSecret)
  await eventually(() => echo.asked.some(({ path }) => path === '/told'), 'a notice')
  await deliverTo(url, signed('pull_request', handledPayloads().merged, { secret: 'another' }))
  const headers = { authorization: `Bearer ${adminToken}` }
  await eventually(() => isMailRefused(url, headers), 'that mail is refused', 30_000)

  const pages = await crawl(url, addresses(sandbox.deployments(shop).map(({ id }) => id)), headers)
  t.ok(pages.length > 60, `${pages.length} pages and answers`)
  for (const { path, content } of pages) clean(path, content)
  t.ok(pages.some(({ path, content }) => path.endsWith('/log') && content.includes('deployed with ***')))
  clean(
    'what a worker tells Prometheus',
    await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
  )

  const store = new Redis(redisUrl)
  const contents = await readEverything(store)
  store.disconnect()
  t.ok(contents.length > 50, `${contents.length} keys`)
  for (const { key, content } of contents) clean(key, content)

  await loseRedis(redis, processes, redisPassword, webhookSecret)
  sandbox.faults.add({ operation: /.*/, answer: { status: 401, body: { message: 'Bad credentials' } } })
  const { number } = await sandbox.openPullRequest(shop, { title: 'One more' })
  await sandbox.mergePullRequest(shop, number)
  await eventually(
    () => worker.said().includes('Is the token in GITHUB_TOKEN still valid?'),
    'a refusal',
    20_000,
  )
  await receiver.stop()
  await worker.stop()

  clean('what the receiver said', receiver.said())
  clean('what the worker said', worker.said())
  for (const { path, body } of echo.asked) {
    if (path === '/told') clean('a notice', body)
  }
  clean('traces', collector.bodies.join('\n'))
  t.ok(collector.spans.length > 50, `${collector.spans.length} spans`)
  clean('what GitHub was told', JSON.stringify([sandbox.requests, sandbox.deployments(shop)]))

  t.ok(
    children.some(({ command }) => command.includes('/bin/sh')),
    'commands were seen',
  )
  t.ok(
    children.some(({ command }) => /git/.test(command)),
    'git was seen',
  )
  for (const { command, environment } of children) {
    clean(command, command)
    const given = canaries.findIn(environment)
    t.same(
      given.filter((name) => name !== 'deploy-key' && name !== 'check-key'),
      [],
      `what ${command} was given`,
    )
  }
})

/** Whether it is known that no mail can be sent. */
async function isMailRefused(url: string, headers: Record<string, string>): Promise<boolean> {
  const answer = (await (await fetch(`${url}/api/channels`, { headers })).json()) as {
    channels?: { kind: string; state: string }[]
  }
  // While the machine is busy, Redis may be late, and the receiver says so.
  return answer.channels?.some(({ kind, state }) => kind === 'email' && state === 'broken') === true
}
