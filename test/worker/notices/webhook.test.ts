// What the generic webhook makes of addresses and answers.
import t from 'tap'
import { ChannelTrouble, NoticeRefused } from '../../../worker/notifiers/notifier.ts'
import { createWebhookNotifier } from '../../../worker/notifiers/webhook.ts'
import { aNotice, plainWords } from '../../fixtures/channels.ts'
import { startToldServer } from '../../fixtures/told-server.ts'

const tools = { people: () => [] }

function tell(url: string, allowPrivate = true): Promise<unknown> {
  const notify = createWebhookNotifier({ kind: 'webhook', url, secret: undefined, allowPrivate }, tools)
  const notice = aNotice('n-1')
  const memory = { read: async () => ({}), write: async () => {} }
  const { signal } = new AbortController()
  return notify({ notice, message: plainWords(notice), uncertain: false, memory, signal }).catch(
    (error: unknown) => error,
  )
}

t.test('addresses that are not public are called only where that is allowed', async (t) => {
  const server = await startToldServer(t)
  const error = await tell(server.url, false)
  t.ok(error instanceof ChannelTrouble && error.isCertain)
  t.match(error, {
    message: /its address is not an address of the public internet\. If it is meant, say allow_private: true/,
  })
  t.notMatch(error, { message: /127\.0\.0\.1/ })
  t.equal(server.posts.length, 0)
  t.equal(await tell(server.url), undefined)
})

t.test('each answer is taken for what it is', async (t) => {
  const server = await startToldServer(t)
  const outcomeOf = async (status: number, headers = {}) => {
    server.answer = (response) => void response.writeHead(status, headers).end()
    const error = await tell(server.url)
    if (error instanceof NoticeRefused) return 'refused'
    if (error instanceof ChannelTrouble) return [error.isCertain, error.retryAfterMs]
    return error
  }
  for (const status of [200, 202, 204]) t.equal(await outcomeOf(status), undefined, `${status}`)
  for (const status of [400, 413, 422]) t.equal(await outcomeOf(status), 'refused', `${status}`)
  for (const status of [401, 403, 404, 408, 410, 429, 503]) {
    t.strictSame(await outcomeOf(status), [true, undefined], `${status}`)
  }
  for (const status of [500, 502, 504]) t.strictSame(await outcomeOf(status), [false, undefined], `${status}`)
  t.strictSame(await outcomeOf(429, { 'retry-after': '7' }), [true, 7000])
  const before = server.posts.length
  t.strictSame(await outcomeOf(307, { location: `${server.url}/other` }), [true, undefined])
  t.equal(server.posts.length, before + 1, 'redirects are not followed')
})

t.test('a server that is not there was certainly not told', async (t) => {
  const server = await startToldServer(t)
  await server.close()
  const error = await tell(server.url)
  t.ok(error instanceof ChannelTrouble && error.isCertain)
  t.match(error, { message: 'it could not be reached (ECONNREFUSED).' })
})
