// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is what is written in the file.
// Several workers, rules that change, and workers that end or are killed in the middle of something.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import { openChannelBook } from '../../../src/notices/channel-book.ts'
import { aNotice, testChannels } from '../../fixtures/channels.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { testRedis } from '../../fixtures/redis.ts'
import { testRules } from '../../fixtures/rules.ts'
import { startToldServer } from '../../fixtures/told-server.ts'

const configOf = (...urls: string[]) =>
  [
    'repositories:',
    ...(urls.length === 0 ? ['  acme/shop: {}'] : ['  acme/shop:', '    notify:']),
    ...urls.flatMap((url) => [
      `      - webhook: { url: "${url}/hook", allow_private: true }`,
      '        per_minute: 1000',
    ]),
  ].join('\n')

t.test('many workers tell a channel one notice at a time, in order, each once', async (t) => {
  const server = await startToldServer(t)
  let under = 0
  let most = 0
  server.answer = (response) => {
    most = Math.max(most, ++under)
    setImmediate(() => {
      under--
      response.end()
    })
  }
  const redis = await testRedis(t)
  const rules = testRules(configOf(server.url))
  const fleet = await Promise.all([1, 2, 3].map(() => testChannels(t, { rules, redis })))
  const ids = Array.from({ length: 60 }, (_, index) => `n-${index}`)
  for (const [index, id] of ids.entries()) await fleet[index % 3]?.tell(aNotice(id))
  // As a job that is tried again does.
  for (const id of ids.slice(0, 20)) await fleet[0]?.tell(aNotice(id))
  await eventually(() => server.posts.length >= ids.length, 'all notices')
  await Promise.all(fleet.map((channels) => channels.close()))
  t.same(server.ids(), ids)
  t.equal(most, 1)
})

t.test('what lies in Redis holds no secret', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response) => void response.writeHead(500).end()
  const config = configOf(server.url).replace('true }', 'true, secret: "${S}" }').replace('/hook', '/${S}')
  const channels = await testChannels(t, { rules: testRules(config, { S: 'hunter2-and-more' }) })
  await channels.tell(aNotice('n-1'))
  await eventually(() => server.posts.length > 1, 'a try')
  for (const key of await channels.redis.keys(`${channels.prefix}*`)) {
    t.notMatch(String(await channels.redis.dump(key)), /hunter2/, key)
  }
  t.notMatch(JSON.stringify(channels.log), /hunter2/)
})

t.test('a channel that the rules name from now on is told; one that they name no more is not', async (t) => {
  const [first, second] = [await startToldServer(t), await startToldServer(t)]
  const rules = testRules(configOf(first.url))
  const channels = await testChannels(t, { rules, timing: { forgetMs: 3_600_000 } })
  await channels.tell(aNotice('n-1'))
  await eventually(() => first.posts.length === 1, 'the first')
  rules.put(configOf(second.url))
  await channels.tell(aNotice('n-2'))
  await eventually(() => second.posts.length === 1, 'the second')
  rules.put(configOf(first.url, second.url))
  await channels.tell(aNotice('n-3'))
  await eventually(() => first.posts.length === 2 && second.posts.length === 2, 'both')
  t.same(
    [first.ids(), second.ids()],
    [
      ['n-1', 'n-3'],
      ['n-2', 'n-3'],
    ],
  )
})

t.test('what waits for a channel that nobody names any more is dropped, and that is said', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response) => void response.writeHead(500).end()
  const rules = testRules(configOf(server.url))
  const channels = await testChannels(t, { rules, timing: { forgetMs: 1000 } })
  for (const id of ['n-1', 'n-2']) await channels.tell(aNotice(id))
  await eventually(() => server.posts.length > 1, 'tries')
  t.equal((await channels.redis.keys(`${channels.prefix}:notices-*:meta`)).length, 1)
  rules.put(configOf())
  const line = await eventually(
    () => channels.log.find(({ msg }) => msg.includes('no longer in livraison.yml')),
    'that it is dropped',
  )
  t.match(line, { level: 40, channel: 'webhook (acme/shop)', notices: 2 })
  t.same(await channels.redis.keys(`${channels.prefix}:notices-*`), [])
  t.same(await openChannelBook(channels.redis, channels.prefix).all(), [])
})

t.test('a worker that ends waits for what it is sending, and another goes on', async (t) => {
  const server = await startToldServer(t)
  const redis = await testRedis(t)
  const rules = testRules(configOf(server.url))
  const ending = await testChannels(t, { rules, redis })
  let release = () => {}
  server.answer = (response, _post, count) => {
    if (count > 1) response.end()
    else release = () => void response.end()
  }
  for (const id of ['n-1', 'n-2']) await ending.tell(aNotice(id))
  await eventually(() => server.posts.length === 1, 'the first')
  const closed = ending.close()
  await testChannels(t, { rules, redis })
  release()
  await closed
  await eventually(() => server.posts.length === 2, 'the second')
  t.same(server.ids(), ['n-1', 'n-2'])
})

t.test(
  'one whose time is up hands back what it is sending, which may then come twice, and says so',
  async (t) => {
    const server = await startToldServer(t)
    const redis = await testRedis(t)
    const rules = testRules(configOf(server.url))
    server.answer = (response, _post, count) => void (count === 1 || response.end())
    const ending = await testChannels(t, { rules, redis })
    for (const id of ['n-1', 'n-2']) await ending.tell(aNotice(id))
    await eventually(() => server.posts.length === 1, 'the first')
    ending.end()
    await ending.close()
    t.same(
      ending.log.filter(({ level }) => level >= 40),
      [],
      'the channel is not to blame',
    )
    await testChannels(t, { rules, redis })
    await eventually(() => server.posts.length === 3, 'all')
    t.same(server.ids(), ['n-1', 'n-1', 'n-2'])
    t.same(
      server.posts.map(({ headers }) => headers['x-livraison-repeated']),
      [undefined, 'maybe', undefined],
    )
  },
)

/** A worker's channels in a process of their own, which is to be killed; it has something to tell. */
function startProcess(
  t: Test,
  redis: { url: string; prefix: string },
  config: string,
  notices: string[],
): ChildProcess {
  const { PATH } = process.env
  const env = { PATH, REDIS_URL: redis.url, PREFIX: redis.prefix, CONFIG: config, NOTICES: notices.join() }
  const program = resolve('dist/test/fixtures/channels-process.js')
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  t.teardown(() => void child.kill('SIGKILL'))
  return child
}

t.test(
  'what a killed worker was sending is sent again, and it is said that it may have arrived',
  async (t) => {
    const server = await startToldServer(t)
    const redis = await testRedis(t)
    const config = configOf(server.url)
    const rules = testRules(config)
    const child = startProcess(t, redis, config, ['n-1', 'n-2'])
    const exit = once(child, 'exit')
    // It has arrived, and the worker never hears so.
    server.answer = () => void child.kill('SIGKILL')
    await exit
    server.answer = (response) => void response.end()
    const channels = await testChannels(t, { rules, redis })
    await channels.tell(aNotice('n-2'))
    await channels.tell(aNotice('n-3'))
    await eventually(() => server.posts.length === 4, 'all')
    t.same(server.ids(), ['n-1', 'n-1', 'n-2', 'n-3'])
    t.same(
      server.posts.map(({ headers }) => headers['x-livraison-repeated']),
      [undefined, 'maybe', undefined, undefined],
    )
  },
)
