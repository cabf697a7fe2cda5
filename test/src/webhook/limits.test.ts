// What senders may take of the receiver: what is refused before it is read, and what stops those who send too much.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { openBodyBudget } from '../../../src/bodies/budget.ts'
import { createSenders } from '../../../src/webhook/senders.ts'
import { createWrongSignatures } from '../../../src/webhook/wrong-signatures.ts'
import { signed, signedBody } from '../../fixtures/deliveries.ts'
import { eventually } from '../../fixtures/fleet.ts'
import {
  isError,
  type Receiver,
  startReceiver,
  testAdminToken,
  testPublicUrl,
} from '../../fixtures/receiver.ts'

const mebibyte = 1024 * 1024
const signature = `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\n`
const head = (more: string) =>
  `POST /event_handler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n`

t.test(
  'an unsigned delivery is refused before its body comes, and signed ones follow on the connection',
  async (t) => {
    const receiver = await startReceiver(t)
    const socket = open(t, receiver)
    socket.write(head('Content-Length: 20000000\r\n'))
    t.match(await answerOn(socket), /^HTTP\/1\.1 401 .*There is no X-Hub-Signature-256/s)
    const other = open(t, receiver)
    other.write(head('X-Hub-Signature-256: sha256=short\r\nContent-Length: 20000000\r\n'))
    t.match(await answerOn(other), /^HTTP\/1\.1 401 .*The signature is wrong/s)
    // Its body is let go by: the connection is good for the next.
    const { headers, body } = signed('ping', {})
    const ping = Object.entries({ ...headers, 'content-length': body.length }).map(
      ([name, value]) => `${name}: ${value}`,
    )
    socket.write(Buffer.alloc(20_000_000))
    socket.write(`POST /event_handler HTTP/1.1\r\nHost: x\r\n${ping.join('\r\n')}\r\n\r\n${body}`)
    t.match(await answerOn(socket), /^HTTP\/1\.1 200 .*pong/s)
  },
)

t.test(
  'from an address that sent much with wrong signatures, large bodies wait, and small ones do not',
  async (t) => {
    const receiver = await startReceiver(t)
    const forged = signedBody('star', Buffer.alloc(24 * mebibyte, 'x'), { secret: 'another' })
    for (let count = 0; count < 3; count++)
      isError(t, await receiver.deliver(forged), 401, /^The signature is wrong/)
    const large = signedBody('star', JSON.stringify('x'.repeat(mebibyte)))
    const answer = await receiver.deliver(large)
    isError(t, answer, 429, /too many large bodies came whose signature was wrong/)
    t.match(answer.headers.get('retry-after'), /^\d+$/)
    t.match(await receiver.deliver(signed('ping', {})), { status: 200 })
    isError(
      t,
      await receiver.deliver(signedBody('star', 'x', { secret: 'another' })),
      401,
      /^The signature is wrong/,
    )
  },
)

t.test('what was wasted is forgotten after a minute, and of many addresses the oldest', async (t) => {
  let now = 0
  const wrong = createWrongSignatures(() => now)
  wrong.note('a', 63 * mebibyte)
  t.equal(wrong.waitMs('a'), 0)
  wrong.note('a', mebibyte)
  t.equal(wrong.waitMs('a'), 60_000)
  t.equal(wrong.waitMs('b'), 0)
  now = 59_999
  t.equal(wrong.waitMs('a'), 1)
  now = 60_000
  t.equal(wrong.waitMs('a'), 0)
  wrong.note('a', 64 * mebibyte)
  for (let count = 0; count < 10_000; count++) wrong.note(`other ${count}`, 1)
  t.equal(wrong.waitMs('a'), 0)
})

t.test('the budget for bodies', async (t) => {
  const budget = openBodyBudget({ smallBytes: 10_000, forSmall: 40_000, forLarge: 100_000 })
  const large = budget.open('a', 30_000)
  t.ok(large.take(49_000), 'half of it is for one address')
  t.notOk(budget.open('a', 30_000).take(10_000))
  t.ok(budget.open('b', Number.NaN).take(49_000), 'what does not say how long it is counts as large')
  t.notOk(budget.open('c', 30_000).take(10_000), 'no more than there is')
  t.ok(budget.open('c', 10_000).take(10_000), 'what is small has a pot of its own')
  large.close()
  t.ok(budget.open('c', 30_000).take(40_000), 'what is given back is there again')
  const pieces = openBodyBudget({ smallBytes: 10_000, forSmall: 20_000, forLarge: 20_000 }).open('a', 5000)
  let many = 0
  while (pieces.take(1)) many++
  t.ok(many < 100, 'single bytes count for what they take')
})

t.test('those who hold much at once are told 503, and small deliveries go on', async (t) => {
  const receiver = await startReceiver(t)
  const length = 24 * mebibyte
  const holders = Array.from({ length: 4 }, () => open(t, receiver))
  const answers = holders.map((socket) => answerOn(socket))
  for (const socket of holders) {
    socket.write(head(`${signature}Content-Length: ${length}\r\n`))
    socket.write(Buffer.alloc(length - 1))
  }
  const [first] = await Promise.race(answers.map(async (answer) => [await answer]))
  t.match(first, /^HTTP\/1\.1 503 .*retry-after: \d+.*Too much is being sent here at once/is)
  t.match(await receiver.deliver(signed('ping', {})), { status: 200, body: { outcome: 'pong' } })
})

t.test('from where webhooks are taken', async (t) => {
  const senders = createSenders(['192.0.2.0/24', '2001:db8::/32', '198.51.100.7'])
  for (const good of ['192.0.2.1', '2001:db8::1', '198.51.100.7', '::ffff:192.0.2.9']) {
    t.equal(senders.refusalOf(good), undefined, good)
  }
  for (const bad of ['192.0.3.1', '2001:db9::1', '198.51.100.8', '::ffff:10.0.0.1', '', undefined, 'x']) {
    t.match(senders.refusalOf(bad), {
      statusCode: 403,
      message: /^WEBHOOK_ALLOW_FROM takes no webhooks from/,
    })
  }
  t.match(createSenders().refusalOf('192.0.2.1'), { statusCode: 503, message: /not known yet/ })
})

t.test('each address has half of the connections at the most', async (t) => {
  const receiver = await startReceiver(t, { maxConnections: 8 })
  const held = Array.from({ length: 4 }, () => open(t, receiver))
  await Promise.all(held.map((socket) => once(socket, 'connect')))
  const more = open(t, receiver)
  await once(more, 'close')
  if (process.platform === 'linux') {
    const elsewhere = open(t, receiver, '127.0.0.2')
    elsewhere.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n')
    t.match(await answerOn(elsewhere), /^HTTP\/1\.1 200/)
  }
  for (const socket of held) socket.destroy()
  await eventually(
    async () => (await receiver.get('/healthz').catch(() => undefined))?.status === 200,
    'room again',
  )
})

t.test('what Node refuses by itself has the shape of all errors', async (t) => {
  const receiver = await startReceiver(t)
  const all = {
    'GET / HTTP/1.1\r\n\r\n':
      /^HTTP\/1\.1 400 .*\{"statusCode":400,"error":"Bad Request","message":"The header Host is missing\."\}$/s,
    'GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n':
      /^HTTP\/1\.1 417 .*\{"statusCode":417,"error":"Expectation Failed",/s,
  }
  for (const [request, expected] of Object.entries(all)) {
    const socket = open(t, receiver)
    socket.end(request)
    t.match(await text(socket), expected)
  }
})

t.test('whoever takes us for a proxy gets no links to elsewhere', async (t) => {
  const receiver = await startReceiver(t)
  for (let count = 0; count < 2; count++) await receiver.deliver(signed('ping', {}))
  const socket = open(t, receiver)
  const authorization = `Authorization: Bearer ${testAdminToken}`
  socket.write(`GET http://evil.test/api/deliveries?limit=1 HTTP/1.1\r\nHost: x\r\n${authorization}\r\n\r\n`)
  const answer = await answerOn(socket)
  t.match(answer, /^HTTP\/1\.1 200/)
  t.match(answer, `"next":"${testPublicUrl}/api/deliveries?limit=1&before=`)
  t.notMatch(answer, /evil/)
})

function open(t: Test, { url }: Receiver, localAddress?: string): Socket {
  const port = Number(new URL(url).port)
  const socket = connect({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) })
  socket.on('error', () => {})
  t.teardown(() => socket.destroy())
  return socket
}

/** The next answer on a connection, once its body is there. */
async function answerOn(socket: Socket): Promise<string> {
  let said = ''
  for (;;) {
    const [chunk] = await once(socket, 'data')
    said += chunk
    const at = said.indexOf('\r\n\r\n')
    const length = Number(/content-length: (\d+)/i.exec(said)?.[1])
    if (at >= 0 && said.length >= at + 4 + length) return said
  }
}
