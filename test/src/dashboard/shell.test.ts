import t from 'tap'
import { startReceiver } from '../../fixtures/receiver.ts'

t.test('the pages of the shell', async (t) => {
  const receiver = await startReceiver(t)
  const open = (path: string, accept = 'text/html') =>
    fetch(`${receiver.url}${path}`, { headers: { accept } })

  await t.test('a sign-in page, with a strict policy and a form for the token', async (t) => {
    const answer = await open('/sign-in?to=/queue')
    const html = await answer.text()
    t.match(
      answer.headers.get('content-security-policy'),
      /default-src 'none'; ?script-src 'self'; ?style-src 'self'/,
    )
    t.match(answer.headers.get('content-type'), /text\/html/)
    t.match(html, /<title>Sign in · Livraison<\/title>/)
    t.match(html, /name="to" value="\/queue"/)
    t.notMatch(html, / style=|<script>|<style/, 'nothing is inline')
  })

  await t.test('where to go after it is a page of ours', async (t) => {
    for (const next of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%5Cevil.example']) {
      const html = await (await open(`/sign-in?to=${next}`)).text()
      t.match(html, /name="to" value="\/"/, next)
    }
  })

  await t.test('an error in words; what comes from outside is escaped', async (t) => {
    t.match(
      await (await open('/sign-in?failed=password')).text(),
      /role="alert">This is not the token in ADMIN_TOKEN/,
    )
    t.notMatch(await (await open('/sign-in?failed=<b>')).text(), /<b>|role="alert"/)
    t.notMatch(await (await open('/sign-in?to=/%22%3E%3Cb%3E')).text(), /<b>/)
  })

  await t.test('what is not there is a page for people, JSON for programs', async (t) => {
    const page = await open('/nothing/<b>')
    t.equal(page.status, 404)
    t.match(page.headers.get('content-type'), /text\/html/)
    t.match(
      await page.text(),
      /There is nothing at GET \/nothing\/&lt;b|There is nothing at GET \/nothing\/%3Cb/,
    )
    const json = await open('/nothing', 'application/json')
    t.match(json.headers.get('content-type'), /application\/json/)
    t.match(await json.json(), { statusCode: 404, error: 'Not Found' })
    t.match((await open('/api/nothing')).headers.get('content-type'), /application\/json/)
  })

  await t.test(
    'the style sheet and the scripts are kept for ever under an address of their own',
    async (t) => {
      const html = await (await open('/sign-in')).text()
      const addresses = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(
        ([, address = '']) => address,
      )
      t.ok(addresses.length >= 4)
      for (const address of addresses) {
        const answer = await open(address)
        t.equal(answer.status, 200, address)
        t.match(answer.headers.get('cache-control'), /immutable/)
      }
      const other = await open((addresses[0] ?? '').replace(/assets\/\w+/, 'assets/0123'))
      t.equal(other.headers.get('cache-control'), 'no-store', 'of another version')
      t.equal((await open('/assets/1/package.json')).status, 404)
    },
  )
})
