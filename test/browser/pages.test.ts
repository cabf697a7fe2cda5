// What holds of every page: nothing is in the way of anybody, nothing is too wide for a phone, nothing is forbidden.
import t from 'tap'
import { noBrowser, startBrowser } from '../fixtures/browser.ts'
import { type Fleet, shop, startFleet } from '../fixtures/fleet.ts'

t.setTimeout(120_000)

const config = `
repositories:
  acme/shop:
    environments:
      staging:
        run: for i in 1 2 3 4 5 6 7 8 9 10; do printf '\\033[32mstep %s\\033[0m of a very long line that does not end anywhere soon, such as those that tools write about what they do, one after another\\n' $i; done
      production:
        after: staging
        run: echo '<b>begin</b>'; printf '\\033[31;1merror:\\033[0m the disk is full\\n'; echo 'giving up'; exit 3
`

/** A shop whose staging works, and whose production does not. */
async function startShop(t: Parameters<typeof startFleet>[0]): Promise<{ fleet: Fleet; ids: number[] }> {
  const fleet = await startFleet(t, { config })
  await fleet.merge('Mend the <cart> & the "till"')
  const [staging, production] = await fleet.sandbox.whenever(() => {
    const made = fleet.sandbox.deployments(shop)
    return made.length === 2 ? made.map(({ id }) => id) : undefined
  })
  const ids = [staging ?? 0, production ?? 0]
  for (const id of ids) await fleet.finalStates(id)
  return { fleet, ids }
}

t.test('pages', { skip: noBrowser }, async (t) => {
  const { fleet, ids } = await startShop(t)
  const [staging = 0, production = 0] = ids
  const newPage = await startBrowser(t, fleet.receiver)
  const paths = {
    '/nothing-here': 'There is nothing here',
    '/': 'Deployments',
    [`/deployments/${shop}/${staging}`]: 'Mend the <cart>',
    [`/deployments/${shop}/${production}`]: 'Mend the <cart>',
    [`/repositories/${shop}`]: shop,
  }

  for (const scheme of ['light', 'dark'] as const) {
    for (const size of ['desktop', 'phone'] as const) {
      await t.test(`${size}, ${scheme}`, async (t) => {
        const { page, open, overflow, barriers, complaints } = await newPage({ scheme, size })
        for (const [path, heading] of Object.entries(paths)) {
          await open(path)
          t.match(await page.getByRole('heading', { level: 1 }).textContent(), heading, path)
          t.ok((await overflow()) <= 0, `${path} is not too wide`)
          t.strictSame(await barriers(), [], `${path} has no barriers`)
        }
        await page.getByRole('button', { name: 'Sign out' }).click()
        t.match(await page.getByRole('heading', { level: 1 }).textContent(), 'Sign in')
        t.ok((await overflow()) <= 0)
        t.strictSame(await barriers(), [])
        const unexpected = complaints.filter((text) => !/status of 404/.test(text))
        t.strictSame(unexpected, [], 'the browser has no complaints')
      })
    }
  }

  await t.test('without JavaScript everything can be read and found', async (t) => {
    const { page, open } = await newPage({ javaScript: false })
    t.match(await page.locator('main').textContent(), /production.*Nothing yet/)
    await page.getByLabel('Repository or environment').fill('stag')
    await page.getByRole('button', { name: 'Apply' }).click()
    t.match(await page.getByRole('rowheader').allTextContents(), [/staging/])
    t.equal(await page.getByRole('rowheader').count(), 1)
    await open(`/deployments/${shop}/${production}`)
    t.match(await page.locator('.log').textContent(), /<b>begin<\/b>.*the disk is full/)
    t.match(await page.locator('time').first().textContent(), / UTC$/)
    await page.getByRole('link', { name: 'Jump to the failure' }).click()
    t.match(page.url(), /#L\d+$/)
    t.match(await page.locator(':target').textContent(), /the disk is full/)
  })

  await t.test('the keyboard gets everywhere', async (t) => {
    const { page } = await newPage()
    await page.keyboard.press('Tab')
    t.equal(await page.locator(':focus').textContent(), 'Skip to the content')
    await page.keyboard.press('Enter')
    t.equal(await page.evaluate('document.activeElement.id'), 'main')
  })

  await t.test('times are in the reader’s zone', async (t) => {
    const { page } = await newPage()
    const time = page.locator('main time').first()
    t.match(await time.textContent(), /just now|ago$/)
    t.match(await time.getAttribute('title'), /GMT\+5:30|India/)
  })

  await t.test('a failure is in sight in its log, in colour, and every line has an address', async (t) => {
    const { page, open } = await newPage()
    await open(`/deployments/${shop}/${production}`)
    const line = page.locator('.log li.culprit')
    t.match(await line.textContent(), /error: the disk is full/)
    const red = await page.locator('.log .ansi-red-fg').first()
    t.equal(await red.textContent(), 'error:')
    t.not(
      await red.evaluate((element) => getComputedStyle(element).color),
      await page
        .locator('.log code')
        .first()
        .evaluate((element) => getComputedStyle(element).color),
    )
    await page.getByRole('link', { name: '3', exact: true }).click()
    t.match(page.url(), /#L3$/)
    const raw = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Raw' }).click()
    t.ok(await raw)
  })
})
