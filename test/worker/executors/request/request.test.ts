import { connect } from 'node:net'
import t from 'tap'
import { requestExecutor } from '../../../../worker/executors/request/request.ts'
import { runOnce } from '../../../fixtures/run.ts'
import { startDeployer } from './server.ts'

const quick = { firstRetryMs: 10 }
const poll = { everyMs: 20, success: 'status=live', failure: 'status=failed|canceled' }

t.test('a call with the facts, and success for 2xx', async (t) => {
  const { rules, asked, url } = await startDeployer(t, [{ status: 201, body: 'done\nin no time\n' }])
  const { outcome, log } = await runOnce(requestExecutor(rules()))
  const host = new URL(url).host
  t.same(outcome, { state: 'success', description: `Deployed abcdef0 to production: ${host} answered 201.` })
  t.same(log, [`POST ${url}/deploy`, 'It answered 201.', 'done', 'in no time'])
  t.match(asked, [
    {
      method: 'POST',
      url: '/deploy',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': 'livraison-deployment-7',
        'user-agent': /^livraison\/\d/,
      },
    },
  ])
  t.same(JSON.parse(asked[0]?.body ?? ''), {
    sha: 'abcdef0'.padEnd(40, '0'),
    ref: 'main',
    branch: 'main',
    tag: '',
    environment: 'production',
    repository: 'acme/shop',
    deployment_id: 7,
    task: 'deploy',
    creator: 'octocat',
    description: '#3 Mend the cart',
  })
})

t.test('a body of the operator’s own, and headers; the key stays ours', async (t) => {
  const { rules, asked } = await startDeployer(t, [{ status: 200 }])
  const executor = requestExecutor(
    rules({
      method: 'put',
      headers: {
        Authorization: 'Bearer one',
        'Idempotency-Key': 'mine',
        'Content-Type': 'application/x+json',
      },
      body: {
        ref: '{{ref}}',
        all: ['{{ environment }}: {{description}}', 5, null, true],
        deep: { id: '{{deployment_id}}' },
      },
    }),
  )
  await runOnce(executor, {
    deployment: { ref: '", "admin": "', environment: '{{sha}}', description: '$& \\ \u2028 "' },
  })
  t.match(asked[0]?.headers, {
    authorization: 'Bearer one',
    'idempotency-key': 'livraison-deployment-7',
    'content-type': 'application/x+json',
  })
  t.same(
    JSON.parse(asked[0]?.body ?? ''),
    { ref: '", "admin": "', all: ['{{sha}}: $& \\ \u2028 "', 5, null, true], deep: { id: '7' } },
    'no value breaks out, or is taken for a template',
  )
})

t.test('a GET has no body', async (t) => {
  const { rules, asked } = await startDeployer(t, [{ status: 204 }])
  t.match((await runOnce(requestExecutor(rules({ method: 'GET' })))).outcome, { state: 'success' })
  t.match(asked, [{ method: 'GET', body: '' }])
  t.notOk(asked[0]?.headers['content-type'])
})

t.test('4xx and redirects are failures that say what the answer says', async (t) => {
  const rows: [reply: { status: number; body?: unknown; headers?: Record<string, string> }, words: RegExp][] =
    [
      [{ status: 422, body: { message: 'No such service.' } }, / answered 422: No such service\.$/],
      [{ status: 403, body: { error: 'Forbidden\nby rule 7' } }, / answered 403: Forbidden$/],
      [{ status: 409, body: '\n  locked by hubot \r\nsince noon' }, / answered 409: locked by hubot$/],
      [{ status: 404, body: '' }, / answered 404\.$/],
      [{ status: 400, body: '<b>'.repeat(100_000) }, / answered 400: (<b>)+<?…$/],
      [
        { status: 302, headers: { location: 'http://127.0.0.1:1/' } },
        / answered 302: redirects are not followed/,
      ],
    ]
  for (const [reply, words] of rows) {
    const { rules, asked } = await startDeployer(t, [reply])
    const { outcome } = await runOnce(requestExecutor(rules(), quick))
    t.equal(outcome.state, 'failure')
    t.match(outcome.description, words)
    t.equal(asked.length, 1, 'it is asked once')
  }
})

t.test('trouble on the other side is overcome with the same key', async (t) => {
  const { rules, asked } = await startDeployer(t, [
    { status: 503, headers: { 'retry-after': '0' } },
    (response) => response.destroy(),
    { status: 429 },
    { status: 200 },
  ])
  const { outcome, log } = await runOnce(requestExecutor(rules(), quick))
  t.equal(outcome.state, 'success')
  t.same(new Set(asked.map(({ headers }) => headers['idempotency-key'])), new Set(['livraison-deployment-7']))
  t.same(new Set(asked.map(({ body }) => body)).size, 1)
  t.equal(asked.length, 4)
  t.match(log, [
    /^POST/,
    'It answered 503. It is called again in 0 s.',
    /^It could not be reached \(.+\)\. It is/,
  ])
})

t.test('trouble that stays is a failure', async (t) => {
  const { rules, asked } = await startDeployer(t, [{ status: 502, body: 'Bad gateway' }])
  const { outcome } = await runOnce(requestExecutor(rules(), quick))
  t.match(outcome, { state: 'failure', description: / answered 502: Bad gateway$/ })
  t.equal(asked.length, 4)

  const url = await freeAddress()
  const unreachable = await runOnce(requestExecutor(rules({ url }), quick))
  t.match(unreachable.outcome, {
    state: 'failure',
    description: /^127.* could not be reached \(.*ECONNREFUSED/,
  })
})

t.test('what takes too long is a failure', async (t) => {
  const { rules } = await startDeployer(t, [() => {}])
  const silent = await runOnce(requestExecutor(rules({ timeoutMs: 200 }), quick))
  t.match(silent.outcome, {
    state: 'failure',
    description: /^It did not end within 1 s: .* did not answer\.$/,
  })

  const busy = await startDeployer(t, [{ status: 503, headers: { 'retry-after': '3600' } }])
  const later = await runOnce(requestExecutor(busy.rules({ timeoutMs: 200 }), quick))
  t.match(later.outcome, { state: 'failure', description: /^It did not end within 1 s: .* answered 503\.$/ })

  const slow = await startDeployer(t, [(response) => void response.writeHead(200).write('a part')])
  const half = await runOnce(requestExecutor(slow.rules({ timeoutMs: 200 }), quick))
  t.match(half.outcome, { state: 'failure', description: /^It did not end within 1 s/ })
})

t.test('a run that is stopped throws the reason', async (t) => {
  const stop = new AbortController()
  const { rules } = await startDeployer(t, [() => stop.abort(new Error('The worker ends.'))])
  await t.rejects(runOnce(requestExecutor(rules()), { signal: stop.signal }), new Error('The worker ends.'))
  await t.rejects(runOnce(requestExecutor(rules()), { signal: stop.signal }), new Error('The worker ends.'))
})

t.test('the outcome is asked for until there is one', async (t) => {
  const { rules, asked, url } = await startDeployer(t, [
    { status: 202, body: { id: 'a/b?c', state: 'queued' } },
    { status: 404 },
    { status: 200, body: { status: 'building' } },
    { status: 200, body: '<html>' },
    { status: 500 },
    (response) => response.destroy(),
    { status: 200, body: { status: 'live' } },
  ])
  const { outcome, log } = await runOnce(
    requestExecutor(
      rules({
        headers: { Authorization: 'Bearer one', 'Content-Type': 'application/json' },
        poll: { ...poll, url: `${url}/deploys/{{answer.id}}?of={{ref}}` },
      }),
    ),
    { deployment: { ref: 'a&b' } },
  )
  t.match(outcome, { state: 'success', description: /^Deployed abcdef0 to production: .* says "live"\.$/ })
  t.equal(asked.length, 7)
  t.match(asked[1], { method: 'GET', url: '/deploys/a%2Fb%3Fc?of=a%26b', body: '' })
  t.match(asked[1]?.headers, { authorization: 'Bearer one' })
  t.notOk(asked[1]?.headers['content-type'])
  t.match(log.slice(3), [
    'It answered 404.',
    'It says "building".',
    'It answered with something that is not JSON.',
    'It answered 500.',
    /^It could not be reached/,
    'It says "live".',
  ])
})

t.test('the outcome is failure, or a refusal, or never comes', async (t) => {
  const rows: [last: object, words: RegExp][] = [
    [{ status: 200, body: { status: 'canceled' } }, / says "canceled"\.$/],
    [{ status: 403, body: 'no' }, / answered 403 when asked how it went: no\.$/],
    [{ status: 200, body: { status: 'building' } }, /^It did not end within 1 s: .* says "building"\.$/],
    [{ status: 200, body: {} }, /^It did not end within 1 s: .* does not say how it went\.$/],
  ]
  for (const [last, words] of rows) {
    const { rules, url } = await startDeployer(t, [{ status: 202 }, last as { status: number }])
    const { outcome } = await runOnce(
      requestExecutor(rules({ timeoutMs: 400, poll: { ...poll, url: `${url}/status` } })),
    )
    t.equal(outcome.state, 'failure')
    t.match(outcome.description, words)
  }
})

t.test('Retry-After is kept while the outcome is asked for', async (t) => {
  const { rules, url, asked } = await startDeployer(t, [
    { status: 202 },
    { status: 200, body: { status: 'building' }, headers: { 'retry-after': '1' } },
    { status: 200, body: { status: 'live' } },
  ])
  const beganAt = performance.now()
  await runOnce(requestExecutor(rules({ poll: { ...poll, url: `${url}/status` } })))
  t.ok(performance.now() - beganAt >= 990, 'a second')
  t.equal(asked.length, 3)
})

t.test('headers do not go to another origin', async (t) => {
  const other = await startDeployer(t, [{ status: 200, body: { status: 'live' } }])
  const { rules } = await startDeployer(t, [{ status: 202 }])
  const headers = { Authorization: 'Bearer one' }
  await runOnce(requestExecutor(rules({ headers, poll: { ...poll, url: `${other.url}/status` } })))
  t.equal(other.asked.length, 1)
  t.notOk(other.asked[0]?.headers.authorization)
})

t.test('an answer cannot lead to another path', async (t) => {
  const { rules, url } = await startDeployer(t, [{ status: 202, body: { id: '..', none: {} } }])
  const polling = (path: string) => requestExecutor(rules({ poll: { ...poll, url: `${url}/a/${path}/b` } }))
  await t.rejects(runOnce(polling('{{answer.id}}')), /^\{\{answer\.id\}\} is "\.\.", which is no name\.$/)
  await t.rejects(runOnce(polling('{{answer.none}}')), /The answer has no none for poll\.url\./)
  await t.rejects(runOnce(polling('{{answer.__proto__.id}}')), /The answer has no/)
})

t.test('secrets are in no log and no status', async (t) => {
  const secrets = ['s3cret "key"/+', 's3cret', 'no']
  const { rules, url } = await startDeployer(t, [
    {
      status: 401,
      body: { message: `bad ${secrets[0]}`, s3cret: encodeURIComponent(secrets[0] ?? ''), no: 'no' },
    },
  ])
  const { outcome, log } = await runOnce(
    requestExecutor(rules({ url: `${url}/s3cret/x?key=hidden` }), { secrets }),
  )
  t.match(outcome.description, /answered 401: bad \*\*\*$/)
  t.same(log, [`POST ${url}/***/x`, 'It answered 401.', '{"message":"bad ***","***":"***","no":"no"}'])
})

t.test('a large answer is cut in the log, and does not fill the memory', async (t) => {
  const { rules } = await startDeployer(t, [
    (response) => {
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    },
  ])
  const { outcome, log } = await runOnce(requestExecutor(rules()))
  t.equal(outcome.state, 'success')
  t.equal(log.at(-1), '(The rest of the answer is not kept.)')
  t.ok(log.join('').length < 10_000)

  const lines = await startDeployer(t, [{ status: 200, body: 'line\n'.repeat(500) }])
  const many = await runOnce(requestExecutor(lines.rules()))
  t.equal(many.log.length, 103)
})

t.test('private addresses are refused, however they are written, unless they are allowed', async (t) => {
  const { rules, url, asked } = await startDeployer(t, [{ status: 200 }])
  const { port } = new URL(url)
  const hosts = [
    ...['127.0.0.1', 'localhost', '0x7f.1', '2130706433', '0', '[::1]', '[::ffff:127.0.0.1]', '[::]'],
    ...['10.0.0.1', '[fd00::1]', '[64:ff9b::7f00:1]'],
  ]
  for (const host of hosts) {
    const executor = requestExecutor(rules({ url: `http://${host}:${port}/`, allowPrivate: false }), quick)
    await t.rejects(runOnce(executor), /is not an address of the public internet.*allow_private: true/, host)
  }
  const secure = requestExecutor(rules({ url: `https://127.0.0.1:${port}/`, allowPrivate: false }), quick)
  await t.rejects(runOnce(secure), /^127\.0\.0\.1 is not an address of the public internet/)
  t.equal(asked.length, 0, 'nobody was called')
  t.match((await runOnce(requestExecutor(rules()))).outcome, { state: 'success' })
})

/** Where nobody listens. */
async function freeAddress(): Promise<string> {
  const { createServer } = await import('node:net')
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  const refused = await new Promise((done) => connect(port, '127.0.0.1').once('error', done))
  if (!refused) throw new Error('somebody listens')
  return `http://127.0.0.1:${port}/`
}
