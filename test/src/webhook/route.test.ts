// The rows of the contract's table of answers.
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { handledPayloads, signed, signedBody, testSecret } from '../../fixtures/deliveries.ts'
import { isError, type Receiver, startReceiver } from '../../fixtures/receiver.ts'

const mebibyte = 1024 * 1024

t.test('202 queued: the job is in Redis when the answer comes', async (t) => {
  const receiver = await startReceiver(t)
  const answer = await receiver.deliver(signed('pull_request', handledPayloads().merged, { delivery: 'one' }))
  t.equal(answer.status, 202)
  t.match(answer.headers.get('content-type'), /^application\/json/)
  t.strictSame(answer.body, {
    outcome: 'queued',
    delivery: 'one',
    jobs: [{ name: 'start-deployment', id: 'merge-186853002-2' }],
  })
  const job = await receiver.queues.events.getJob('merge-186853002-2')
  t.equal(job?.name, 'start-deployment')
  t.equal(job?.data.delivery, 'one')
})

t.test('200 ignored, with the reason', async (t) => {
  const receiver = await startReceiver(t)
  for (const event of ['no_such_event', '__proto__', 'constructor']) {
    const { status, body } = await receiver.deliver(signed(event, { action: 'x' }, { delivery: 'one' }))
    t.equal(status, 200)
    t.strictSame(body, {
      outcome: 'ignored',
      delivery: 'one',
      reason: `Nothing is done on ${event} events.`,
    })
  }
  t.strictSame(await receiver.jobIds(), [])
})

t.test('200 duplicate, with the jobs that are there already', async (t) => {
  const receiver = await startReceiver(t)
  const { deployment } = handledPayloads()
  const jobs = [{ name: 'process-deployment', id: 'deployment-145988746' }]
  const deliver = async (delivery: string) => {
    const { status, body } = await receiver.deliver(signed('deployment', deployment, { delivery }))
    return [status, body]
  }
  t.strictSame(await deliver('one'), [202, { outcome: 'queued', delivery: 'one', jobs }])
  t.strictSame(await deliver('one'), [200, { outcome: 'duplicate', delivery: 'one', jobs }])
  t.strictSame(await deliver('two'), [200, { outcome: 'duplicate', delivery: 'two', jobs }])
})

t.test('200 pong', async (t) => {
  const receiver = await startReceiver(t)
  const { status, body } = await receiver.deliver(signed('ping', { zen: 'x' }, { delivery: 'one' }))
  t.strictSame([status, body], [200, { outcome: 'pong', delivery: 'one' }])
})

t.test('400: what the sender can mend', async (t) => {
  const receiver = await startReceiver(t)
  const { merged } = handledPayloads()
  const good = signed('pull_request', merged)
  const headerless = async (name: string) => {
    const { [name]: _gone, ...headers } = good.headers
    return receiver.deliver({ headers, body: good.body })
  }
  isError(t, await headerless('x-github-event'), 400, /^The header X-GitHub-Event is missing\.$/)
  isError(t, await headerless('x-github-delivery'), 400, /^The header X-GitHub-Delivery is missing\.$/)
  for (const delivery of ['a b', 'a:b', 'é', 'x'.repeat(101)]) {
    const answer = await receiver.deliver(signed('ping', {}, { delivery }))
    isError(t, answer, 400, /X-GitHub-Delivery is not a GUID/)
  }
  const bodies = [
    ['json', '', /^The body is not JSON\.$/],
    ['json', '{"zen":', /^The body is not JSON\.$/],
    ['json', 'payload=%7B%7D', /^The body is not JSON\.$/],
    ['json', Buffer.from([0xff, 0xfe, 0]), /^The body is not JSON\.$/],
    ['form', '', /^The form has no field "payload"\.$/],
    ['form', 'other=%7B%7D&xpayload=%7B%7D', /^The form has no field "payload"\.$/],
    ['form', '{"zen":"x"}', /^The form has no field "payload"\.$/],
    ['form', 'payload=', /^The form field "payload" is not JSON\.$/],
    ['form', 'payload=%7B', /^The form field "payload" is not JSON\.$/],
    ['form', 'payload=%E9%7B%7D', /^The form field "payload" is not percent-encoded UTF-8\.$/],
    ['form', 'payload=%', /^The form field "payload" is not percent-encoded UTF-8\.$/],
  ] as const
  for (const [encoding, body, message] of bodies) {
    isError(t, await receiver.deliver(signedBody('ping', body, { encoding })), 400, message)
  }
  t.strictSame(await receiver.jobIds(), [])
})

t.test('400: a payload of another shape than an event has', async (t) => {
  const receiver = await startReceiver(t)
  for (const event of ['pull_request', 'deployment', 'deployment_status']) {
    for (const payload of [null, 1, 'text', [], {}, { action: 1 }, { action: null }]) {
      const { status, body } = await receiver.deliver(signed(event, payload))
      t.strictSame([status, body.reason], [200, `This ${event} event names no action.`])
    }
    const action = event === 'pull_request' ? 'closed' : 'created'
    isError(
      t,
      await receiver.deliver(signed(event, { action })),
      400,
      /lacks what the job needs: repository,/,
    )
  }
})

t.test('a form as other programs encode it is read too', async (t) => {
  const receiver = await startReceiver(t)
  const spaced = { zen: 'a b+c&d=é 🚀' }
  const percent = encodeURIComponent(JSON.stringify(spaced))
  for (const body of [`payload=${percent}`, `first=1&payload=${percent.replaceAll('%20', '+')}&last`]) {
    const { status } = await receiver.deliver(signedBody('ping', body, { encoding: 'form' }))
    t.equal(status, 200)
  }
})

t.test('the content type may carry parameters and capitals', async (t) => {
  const receiver = await startReceiver(t)
  const types = ['application/json; charset=utf-8', 'application/JSON', 'Application/Json;charset=UTF-8']
  for (const type of types) {
    const { headers, body } = signed('ping', {})
    const answer = await receiver.deliver({ headers: { ...headers, 'content-type': type }, body })
    t.equal(answer.status, 200, type)
  }
  const { headers, body } = signed('ping', {}, { encoding: 'form' })
  const type = 'Application/X-WWW-Form-urlencoded; charset=utf-8'
  const answer = await receiver.deliver({ headers: { ...headers, 'content-type': type }, body })
  t.equal(answer.status, 200, type)
})

t.test('401: no signature, or a wrong one', async (t) => {
  const receiver = await startReceiver(t)
  const good = signed('pull_request', handledPayloads().merged)
  const { 'x-hub-signature-256': signature = '', ...unsigned } = good.headers
  const missing = await receiver.deliver({ headers: unsigned, body: good.body })
  isError(t, missing, 401, /^There is no X-Hub-Signature-256: give the webhook .* GITHUB_WEBHOOK_SECRET\.$/)
  const wrong = [
    '',
    'sha256=',
    `sha256=${'0'.repeat(64)}`,
    signature.slice(0, -1),
    `${signature}0`,
    signature.toUpperCase(),
    signature.replace('sha256=', 'sha1='),
    signature.replace('sha256=', ''),
    `${signature}, ${signature}`,
    'sha256=é',
    signed('pull_request', handledPayloads().merged, { secret: 'another' }).headers['x-hub-signature-256'],
    signed('pull_request', handledPayloads().merged, { secret: '' }).headers['x-hub-signature-256'],
  ]
  for (const value of wrong) {
    const headers = { ...unsigned, 'x-hub-signature-256': value ?? '' }
    isError(t, await receiver.deliver({ headers, body: good.body }), 401, /^The signature is wrong: /)
  }
  const changed = Buffer.from(good.body)
  changed[changed.length - 2] = 0x20
  isError(t, await receiver.deliver({ headers: good.headers, body: changed }), 401, /^The signature is wrong/)
  t.strictSame(await receiver.jobIds(), [])
  t.notOk(JSON.stringify(receiver.log).includes(testSecret))
})

t.test('each secret is good while one is being rotated', async (t) => {
  const receiver = await startReceiver(t, { secrets: ['new', 'old'] })
  for (const [secret, status] of [
    ['new', 200],
    ['old', 200],
    ['new,old', 401],
  ] as const) {
    t.equal((await receiver.deliver(signed('ping', {}, { secret }))).status, status, secret)
  }
})

t.test("GitHub's published test vector is a good signature", async (t) => {
  const receiver = await startReceiver(t, { secrets: ["It's a Secret to Everybody"] })
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'ping',
    'x-github-delivery': 'one',
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  }
  const answer = await receiver.deliver({ headers, body: Buffer.from('Hello, World!') })
  isError(t, answer, 400, /^The body is not JSON\.$/)
})

t.test('nothing is parsed before it is verified', async (t) => {
  const receiver = await startReceiver(t)
  for (const encoding of ['json', 'form'] as const) {
    for (const body of ['', '{', 'payload=%', 'other=1']) {
      const answer = await receiver.deliver(signedBody('deployment', body, { encoding, secret: 'another' }))
      isError(t, answer, 401, /^The signature is wrong/)
    }
  }
  const headers = { 'content-type': 'application/json' }
  isError(t, await receiver.deliver({ headers, body: Buffer.from('{') }), 401, /^There is no X-Hub-Signature/)
})

t.test('413 above 25 MiB, and not below', async (t) => {
  const receiver = await startReceiver(t)
  const sized = (bytes: number) => signedBody('star', JSON.stringify('x'.repeat(bytes - 2)))
  const big = await receiver.deliver(sized(24 * mebibyte))
  t.match(big, { status: 200, body: { outcome: 'ignored' } })
  t.equal((await receiver.deliver(sized(25 * mebibyte))).status, 200)
  isError(t, await receiver.deliver(sized(25 * mebibyte + 1)), 413, /too large/i)
})

t.test('415 for any other content type', async (t) => {
  const receiver = await startReceiver(t)
  const { headers, body } = signed('ping', {})
  for (const type of [
    'text/plain',
    'application/xml',
    'multipart/form-data; boundary=x',
    'application/jsonl',
    'x',
  ]) {
    const answer = await receiver.deliver({ headers: { ...headers, 'content-type': type }, body })
    isError(t, answer, 415, /media type/i)
  }
})

t.test('404 where nothing is, without the query', async (t) => {
  const receiver = await startReceiver(t)
  isError(t, await receiver.get('/nothing?token=x'), 404, /^There is nothing at GET \/nothing\.$/)
  isError(t, await receiver.get('/event_handler'), 404, /^There is nothing at GET \/event_handler\.$/)
})

t.test('400 for what is no request at all', async (t) => {
  const receiver = await startReceiver(t)
  isError(t, await receiver.get('/%'), 400, /not a valid url/)
  for (const request of ['POST /event_handler HTTP/1.1\r\n\r\n', 'nonsense\r\n\r\n']) {
    const answer = await sendRaw(receiver, request)
    t.match(answer, /^HTTP\/1\.1 400 Bad Request\r\n/)
    t.notMatch(answer, /\bat .+:\d+/)
  }
  await answersPing(t, receiver)
})

t.test('a sender that goes away in the middle harms nobody', async (t) => {
  const receiver = await startReceiver(t)
  const socket = connect(Number(new URL(receiver.url).port), '127.0.0.1')
  socket.write(
    'POST /event_handler HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  )
  await once(socket, 'ready')
  socket.destroy()
  await answersPing(t, receiver)
})

async function answersPing(t: Test, receiver: Receiver): Promise<void> {
  t.match(await receiver.deliver(signed('ping', {})), { status: 200, body: { outcome: 'pong' } })
}

async function sendRaw({ url }: Receiver, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.end(request)
  return text(socket)
}
