import t from 'tap'
import { startGitHub } from './github.ts'

t.test('other processes work the sandbox over HTTP', async (t) => {
  const { sandbox } = await startGitHub(t)
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${sandbox.url}/sandbox${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
  }
  const events = await fetch(`${sandbox.url}/sandbox/events`)
  const shop = '/repositories/acme/shop'
  t.match(await post('/repositories', { owner: 'acme', name: 'api' }), { status: 201, body: { name: 'api' } })
  t.match(await post(`${shop}/pulls`, { title: 'Hello' }), { status: 201, body: { number: 1 } })
  t.match(await post(`${shop}/pulls/1/merge`, {}), { status: 201, body: { sha: /^[0-9a-f]{40}$/ } })
  t.match(await post(`${shop}/pulls/1/merge`, {}), { status: 405 })
  t.match(await post(`${shop}/deployments`, { ref: 'main' }), { status: 201, body: { id: Number } })
  t.match(await post(`${shop}/pushes`, { files: { a: 'b' } }), { status: 201 })
  t.match(await post(`${shop}/hooks`, { url: 'http://127.0.0.1:1/', secret: 'hush' }), { status: 201 })
  t.match(await post('/faults', { operation: '/deploy/', answer: { status: 500 } }), { status: 201 })
  t.ok(sandbox.faults.strike({ operation: 'repos/create-deployment', method: 'POST', path: '' }))
  t.match(await post('/repositories', { owner: 'x', name: 'y' }, { origin: 'http://evil.test' }), {
    status: 403,
  })

  const state = await (await fetch(`${sandbox.url}/sandbox/state`)).text()
  t.match(JSON.parse(state), {
    repositories: [
      { full_name: 'acme/shop', pulls: [{ state: 'merged' }], deployments: [{ ref: 'main' }] },
      {},
    ],
  })
  t.notMatch(state, 'hush')
  const { value } = (await events.body?.getReader().read()) ?? {}
  t.match(Buffer.from(value ?? []).toString(), /^: follows every change/)
})

t.test('the page escapes what it shows, and its forms work without a script', async (t) => {
  const { sandbox } = await startGitHub(t)
  const body = new URLSearchParams({ title: '<script>alert(1)</script>' })
  const answer = await fetch(`${sandbox.url}/sandbox/repositories/acme/shop/pulls`, { method: 'POST', body })
  t.equal(answer.url, `${sandbox.url}/`)
  const page = await answer.text()
  t.match(page, '&lt;script&gt;alert(1)')
  t.notMatch(page, '<script>alert')
  t.match(page, 'action="/sandbox/repositories/acme/shop/pulls/1/merge"')
  t.match(answer.headers.get('content-security-policy'), /default-src 'none'/)
})
