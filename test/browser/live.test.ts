// Pages come alive: what happens is seen without a reload, and nothing is asked while nothing happens.
import t from 'tap'
import { deploymentKeys } from '../../src/deployments/keys.ts'
import { openLogs } from '../../src/deployments/log.ts'
import { noBrowser, startBrowser } from '../fixtures/browser.ts'
import { shop, startFleet } from '../fixtures/fleet.ts'
import { heldExecutor } from '../fixtures/held-executor.ts'

t.setTimeout(120_000)

t.test('live', { skip: noBrowser }, async (t) => {
  const held = heldExecutor()
  const fleet = await startFleet(t, { rules: { executor: held.executor } })
  const { sandbox, receiver, merge, store, redis } = fleet
  const newPage = await startBrowser(t, receiver)
  const logs = openLogs(store, deploymentKeys(redis.prefix))

  await t.test('a merge is watched until it is deployed', async (t) => {
    const { page, complaints } = await newPage()
    await page.getByText('Nothing yet').waitFor()
    await page.getByText('Live', { exact: true }).waitFor()
    await page.evaluate('window.sameDocument = true')

    await merge('Mend the cart')
    await page.locator('.state.in_progress').waitFor()
    const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[0])
    t.match(await page.locator('.elapsed').textContent(), / s$/)
    held.end(id)
    await page.locator('tr .health.deployed').waitFor()
    t.match(await page.locator('main').textContent(), /production.*Mend the cart/)
    t.equal(await page.evaluate('window.sameDocument'), true, 'the page was not loaded again')
    t.strictSame(complaints, [])
  })

  await t.test('a log is followed, and what the reader does is left alone', async (t) => {
    await merge('Show prices')
    const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[1])
    const { page, open, complaints } = await newPage()
    await open(`/deployments/${shop}/${id}`)
    await page.locator('.standing.in_progress').waitFor()
    await page.evaluate('window.sameDocument = true')
    await logs.append(id, ['\u001b[32mfirst\u001b[0m', '<script>alert(1)</script>'])
    await page.locator('#L2').waitFor()
    t.equal(await page.locator('#L1 .ansi-green-fg').textContent(), 'first')
    t.equal(await page.locator('#L2 code').textContent(), '<script>alert(1)</script>')

    const many = Array.from({ length: 200 }, (_, index) => `line ${index + 3}`)
    await logs.append(id, many)
    await page.locator('#L202').waitFor()
    const box = page.locator('.log')
    const fromEnd = () =>
      box.evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
    t.ok((await fromEnd()) < 40, 'its end is in sight')
    t.equal(await page.getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed'), 'true')

    await box.evaluate((element) => element.scrollTo(0, 0))
    await page.locator('[data-log-follow][aria-pressed=false]').waitFor()
    await logs.append(id, ['one more'])
    await page.locator('#L203').waitFor()
    t.ok((await fromEnd()) > 40, 'whoever scrolled up stays there')
    await page.getByRole('button', { name: 'Follow' }).click()
    t.ok((await fromEnd()) < 40)

    held.end(id)
    await page.locator('.standing.success').waitFor()
    t.equal(await page.locator('.log li').count(), 203, 'the log is as it was')
    await page.locator('[data-log-follow]').waitFor({ state: 'hidden' })
    t.equal(await page.evaluate('window.sameDocument'), true)
    t.strictSame(complaints, [])
  })

  await t.test('what is typed, focused or opened stays through a change', async (t) => {
    const { page, complaints } = await newPage()
    const search = page.getByLabel('Repository or environment')
    await search.fill('sho')
    await page.locator('summary').first().click()
    t.equal(await page.locator('details.repo').first().getAttribute('open'), null)
    await search.focus()
    await merge('Take the old checkout out')
    const { id } = await sandbox.whenever(() => sandbox.deployments(shop)[2])
    await page.getByText('1 running').waitFor()
    t.equal(await search.inputValue(), 'sho')
    t.equal(await search.evaluate((element) => element === document.activeElement), true)
    t.equal(await page.locator('details.repo').first().getAttribute('open'), null)
    held.end(id)
    await page.getByText('1 running').waitFor({ state: 'hidden' })
    t.strictSame(complaints, [])
  })

  await t.test('while nothing happens nothing is asked', async (t) => {
    const { page } = await newPage()
    await page.getByText('Live', { exact: true }).waitFor()
    const asked: string[] = []
    page.on('request', (request) => void asked.push(request.url()))
    // Longer than a burst of changes takes to be shown.
    await page.evaluate('new Promise((resolve) => setTimeout(resolve, 1500))')
    t.strictSame(asked, [])
  })
})
