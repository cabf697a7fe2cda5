import t from 'tap'
import { eventually, shop, startFleet } from '../../fixtures/fleet.ts'
import { testAdminToken } from '../../fixtures/receiver.ts'

t.test('pages, to whom they are for', async (t) => {
  const fleet = await startFleet(t)
  const { receiver, sandbox } = fleet
  const title = 'Mend the <b>cart</b> & "till"'
  await fleet.merge(title)
  const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await fleet.finalStates(id)
  const open = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${receiver.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' })
  const asAdmin = (path: string) => open(path, { authorization: `Bearer ${testAdminToken}` })
  const page = `/deployments/${shop}/${id}`

  await t.test('a stranger is sent to sign in, and comes back to where they wanted to go', async (t) => {
    for (const path of ['/', page, `/repositories/${shop}?state=success`]) {
      const answer = await open(path)
      t.equal(answer.status, 302, path)
      t.equal(answer.headers.get('location'), `/sign-in?to=${encodeURIComponent(path)}`)
    }
    t.equal((await open('/live?after=0-0')).status, 302)
    t.equal((await open(`${page}/log`)).status, 302)
  })

  await t.test('what others wrote is text', async (t) => {
    for (const path of ['/', page, `/repositories/${shop}`]) {
      const answer = await asAdmin(path)
      t.equal(answer.status, 200, path)
      const html = await answer.text()
      t.match(html, /Mend the &lt;b(>|&gt;)cart/)
      t.notMatch(html, /<b>cart/)
      t.notMatch(html, /<[^>]+ (style|on\w+)=/, 'and nothing is inline')
      t.equal(answer.headers.get('cache-control'), 'no-store')
    }
  })

  await t.test('the grid says what is where', async (t) => {
    const html = await (await asAdmin('/')).text()
    t.match(html, `href="https://github.com/${shop}/commit/`.replace('https://github.com', sandbox.url))
    t.match(html, `href="${page}"`)
    t.match(await (await asAdmin('/?q=nowhere')).text(), /No environment matches/)
    t.match(await (await asAdmin('/?show=failing')).text(), /No environment matches/)
  })

  await t.test('the history is narrowed by environment and state; what makes no sense is said', async (t) => {
    const history = async (query: string) => (await asAdmin(`/repositories/${shop}${query}`)).text()
    t.match(await history('?environment=&state='), `id="deployment-${id}"`)
    t.match(await history('?environment=production&state=success'), `id="deployment-${id}"`)
    t.match(await history('?state=failure'), /No deployment matches/)
    t.match(await history('?environment=<nowhere>'), /&lt;nowhere/)
    const wrong = await asAdmin(`/repositories/${shop}?state=nonsense`)
    t.equal(wrong.status, 400)
    t.match(await wrong.text(), /state must be one of/)
    t.equal((await asAdmin('/repositories/acme/unknown')).status, 404)
    t.equal((await asAdmin(`/deployments/acme/other/${id}`)).status, 404)
  })

  await t.test('the log is there as text, and rendered for those who follow it', async (t) => {
    const raw = await asAdmin(`${page}/log`)
    t.match(raw.headers.get('content-type'), /text\/plain/)
    const live = await open(`${page}/log`, {
      authorization: `Bearer ${testAdminToken}`,
      accept: 'text/event-stream',
    })
    t.match(await live.text(), /event: end\ndata: {"state":"success"}/)
  })

  await t.test('a page is told of what has changed since it was made', async () => {
    const live = /data-live="([^"]+)"/.exec(await (await asAdmin('/')).text())?.[1] ?? ''
    const gone = new AbortController()
    const answer = await fetch(`${receiver.url}${live}`, {
      headers: { authorization: `Bearer ${testAdminToken}` },
      signal: gone.signal,
    })
    let heard = ''
    const listening = (async () => {
      for await (const chunk of answer.body ?? []) heard += Buffer.from(chunk).toString()
    })().catch(() => {})
    await fleet.merge()
    await eventually(() => heard.includes('event: change\ndata: deployment'), 'a change')
    gone.abort()
    await listening
  })
})
