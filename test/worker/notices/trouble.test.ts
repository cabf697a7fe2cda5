// Channels that are down, slow, limited, or answer nonsense: their notices keep their order and none is lost.
import t from 'tap'
import { openChannelBook } from '../../../src/notices/channel-book.ts'
import { aNotice, testChannels } from '../../fixtures/channels.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { testRules } from '../../fixtures/rules.ts'
import { type AnswerPost, startToldServer } from '../../fixtures/told-server.ts'

const secret = 'a/secret/path'
const hook = (url: string, rest = '') =>
  `      - webhook: { url: "${url}/${secret}", allow_private: true${rest} }\n        per_minute: 1000`
const shop = (...hooks: string[]) =>
  testRules(['repositories:', '  acme/shop:', '    notify:', ...hooks].join('\n'))

const ids = ['n-1', 'n-2', 'n-3', 'n-4']
const outages: [what: string, sent: string[], answer: AnswerPost, reason: RegExp][] = [
  [
    'answers 500',
    ['n-1', 'n-1', 'n-1', 'n-2', 'n-3', 'n-4'],
    (response, _post, count) => void response.writeHead(count < 3 ? 500 : 200).end(),
    /it answered 500/,
  ],
  [
    'answers 404, as if it had never been',
    ['n-1', 'n-1', 'n-2', 'n-3', 'n-4'],
    (response, _post, count) => void response.writeHead(count < 2 ? 404 : 200).end(),
    /it answered 404/,
  ],
  [
    'cuts the connection before it answers',
    ['n-1', 'n-2', 'n-2', 'n-3', 'n-4'],
    (response, _post, count) => void (count === 2 ? response.socket?.destroy() : response.end()),
    /it did not answer as it should \(UND_ERR_SOCKET\)/,
  ],
  [
    'does not answer in time',
    ['n-1', 'n-1', 'n-2', 'n-3', 'n-4'],
    (response, _post, count) => void (count === 1 || response.end()),
    /it has not answered within 0\.3 s/,
  ],
]

for (const [what, sent, answer, reason] of outages) {
  t.test(`one that ${what}`, async (t) => {
    const server = await startToldServer(t)
    server.answer = answer
    const channels = await testChannels(t, { rules: shop(hook(server.url)), timing: { sendMs: 300 } })
    for (const id of ids) await channels.tell(aNotice(id))
    await eventually(() => server.posts.length === sent.length, 'all notices')
    t.same(server.ids(), sent)
    const messages = await eventually(() => {
      const found = channels.log.filter(({ level, msg }) => level >= 40 || msg.includes('works again'))
      return found.length >= 2 ? found : undefined
    }, 'what is logged')
    t.match(messages, [
      { level: 40, channel: 'webhook (acme/shop)', reason, msg: /cannot be told/ },
      { level: 30, channel: 'webhook (acme/shop)', msg: /works again/ },
    ])
    t.equal(messages.length, 2, 'it is reported once, and once when it is over')
    t.notMatch(JSON.stringify(channels.log), secret)
  })
}

t.test('one that takes it, and is cut off in the middle of its answer', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half an ans', () => response.socket?.destroy())
  }
  const channels = await testChannels(t, { rules: shop(hook(server.url)) })
  for (const id of ids) await channels.tell(aNotice(id))
  await eventually(() => server.posts.length === 4, 'all notices')
  await channels.close()
  t.same(server.ids(), ids, 'each is told once')
  t.same(
    channels.log.filter(({ level }) => level >= 40),
    [],
  )
})

t.test('one that says when it may be told again is left alone until then', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response, _post, count) =>
    void response.writeHead(count === 1 ? 429 : 200, { 'retry-after': '1' }).end()
  const channels = await testChannels(t, { rules: shop(hook(server.url)) })
  for (const id of ids) await channels.tell(aNotice(id))
  await eventually(() => server.posts.length === 5, 'all notices')
  t.same(server.ids(), ['n-1', ...ids])
  const [first, second] = server.posts
  t.ok((second?.at ?? 0) - (first?.at ?? 0) >= 990)
})

t.test('one that is down holds up no other, and is told once it is there', async (t) => {
  const [down, up] = [await startToldServer(t), await startToldServer(t)]
  await down.close()
  const rules = shop(hook(down.url), hook(up.url))
  const channels = await testChannels(t, { rules })
  for (const id of ids) await channels.tell(aNotice(id))
  await eventually(() => up.posts.length === 4, 'the other is told all')
  const book = openChannelBook(channels.redis, channels.prefix)
  const broken = await eventually(
    async () => (await book.all()).find((channel) => channel.broken !== undefined),
    'how it stands',
  )
  t.match(broken, { name: 'webhook (acme/shop)', kind: 'webhook', repository: 'acme/shop', waiting: 4 })
  t.match(broken.broken?.reason, /^it could not be reached \(ECONNREFUSED\)\.$/)
  const again = await startToldServer(t, down.port)
  await eventually(() => again.posts.length === 4, 'it is told all')
  t.same(again.ids(), ids)
  t.notOk(again.posts[0]?.headers['x-livraison-repeated'], 'it never arrived before')
  const state = await eventually(async () => {
    const found = (await book.all()).find(({ id }) => id === broken.id)
    return found?.broken === undefined && found?.waiting === 0 ? found : undefined
  }, 'that it works')
  t.match(state, { letGo: 0, toldAt: Number })
})

t.test('a notice that it never takes is let go, and the next ones are told', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response, _post, count) => void response.writeHead(count === 1 ? 422 : 200).end()
  const channels = await testChannels(t, { rules: shop(hook(server.url)) })
  for (const id of ids) await channels.tell(aNotice(id))
  await eventually(() => server.posts.length === 4, 'all notices')
  t.same(server.ids(), ids)
  t.match(
    channels.log.filter(({ level }) => level >= 40),
    [{ msg: 'a notice is let go', notice: 'n-1', reason: 'it answered 422' }],
  )
  const [state] = await openChannelBook(channels.redis, channels.prefix).all()
  t.match(state, { letGo: 1, lastLetGo: { reason: 'it answered 422' } })
})

t.test('what could not be told in its time is let go; what is newer still is told', async (t) => {
  const server = await startToldServer(t)
  server.answer = (response) => void response.writeHead(500).end()
  const channels = await testChannels(t, { rules: shop(hook(server.url)), timing: { keptMs: 400 } })
  await channels.tell(aNotice('n-1'))
  await channels.tell(aNotice('n-2'))
  const letGo = () => channels.log.filter(({ msg }) => msg === 'a notice is let go')
  await eventually(() => letGo().length === 2, 'both are let go')
  t.match(letGo(), [
    { notice: 'n-1', reason: 'it could not be told in time: it answered 500' },
    { notice: 'n-2', reason: 'it could not be told in time: it answered 500' },
  ])
  server.answer = (response) => void response.end()
  await channels.tell(aNotice('n-3'))
  await eventually(() => server.ids().at(-1) === 'n-3', 'the newer one')
  const cannot = channels.log.filter(({ msg }) => msg.includes('cannot be told'))
  t.equal(cannot.length, 1)
  const [state] = await openChannelBook(channels.redis, channels.prefix).all()
  t.equal(state?.letGo, 2)
})

t.test('it is told no faster than it wants', async (t) => {
  const server = await startToldServer(t)
  const rules = shop(hook(server.url).replace('1000', '2'))
  const channels = await testChannels(t, { rules })
  for (const id of ids) await channels.tell(aNotice(id))
  await eventually(() => server.posts.length === 2, 'two')
  const [state] = await eventually(async () => {
    const all = await openChannelBook(channels.redis, channels.prefix).all()
    return all[0]?.waiting === 2 ? all : undefined
  }, 'that two wait')
  t.notOk(state?.broken)
  const [key] = await channels.redis.keys(`${channels.prefix}:notices-*:limiter`)
  t.ok((await channels.redis.pttl(key ?? '')) > 30_000, 'for the rest of the minute')
  t.equal(server.posts.length, 2)
})
