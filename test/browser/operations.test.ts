// What people in charge do, in a browser: each with scripts, and all the forms without them.
import t, { type Test } from 'tap'
import { noBrowser, startBrowser, type TestPage } from '../fixtures/browser.ts'
import { eventually, type Fleet, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'
import { makeToken, tokensOf } from '../fixtures/tokens.ts'

t.setTimeout(120_000)

const config = `
repositories:
  acme/shop:
    environments:
      staging: { simulate: 100ms }
      slow: { on: manual, simulate: 60s }
      production: { after: staging, simulate: 100ms, approvals: { required: 1 } }
`

type Person = TestPage & { press(name: string | RegExp): Promise<void>; told(): Promise<string> }

async function startCharge(t: Test, javaScript = true): Promise<{ fleet: Fleet; person: Person }> {
  const fleet = await startFleet(t, { config })
  const newPage = await startBrowser(t, fleet.receiver)
  const opened = await newPage({ javaScript })
  const { page } = opened
  return {
    fleet,
    person: {
      ...opened,
      press: (name) => page.getByRole('main').getByRole('button', { name }).click(),
      told: async () => (await page.locator('.notice').textContent()) ?? '',
    },
  }
}

function inEnvironment({ sandbox }: Fleet, environment: string, not = 0) {
  return eventually(
    () => sandbox.deployments(shop).find((each) => each.environment === environment && each.id > not),
    `a deployment to ${environment}`,
  )
}

/** Everything that forms can do, in the order of a day's work. */
async function workADay(t: Test, { fleet, person }: { fleet: Fleet; person: Person }) {
  const { page, open, press, told } = person

  await t.test('locks an environment, and what is merged waits', async (t) => {
    await open('/locks/lock?repository=acme/shop&environment=staging')
    await page.getByLabel('Reason').fill('Migration <b>')
    await page.getByLabel('For how long').selectOption('1 hour')
    await press('Lock')
    t.match(await told(), 'staging of acme/shop is locked. Locked by ADMIN_TOKEN: Migration <b>')
    await fleet.merge('Mend the cart')
    const { id } = await inEnvironment(fleet, 'staging')
    await eventually(() => fleet.states(id).includes('queued'), 'it is held back')
    await open('/locks')
    await page.getByRole('link', { name: 'Unlock' }).click()
    t.match(await page.getByText('Your lock on staging').textContent(), 'is released')
    await press('Unlock')
    t.match(await told(), 'staging of acme/shop is unlocked.')
    t.equal((await fleet.finalStates(id)).at(-1), 'success')
  })

  await t.test('approves what another asked for', async (t) => {
    const { id } = await inEnvironment(fleet, 'production')
    await eventually(() => fleet.states(id).includes('queued'), 'it waits for the approval')
    await open(`/deployments/${shop}/${id}`)
    await page.getByRole('link', { name: 'Approve' }).click()
    t.match(await page.locator('.says').textContent(), 'It has 0 of the 1 approval that it needs.')
    await page.getByLabel('Reason').fill('Looked at staging')
    await press(`Approve #${id}`)
    t.match(await told(), `#${id} to production of acme/shop is approved`)
    t.equal((await fleet.finalStates(id)).at(-1), 'success')
  })

  await t.test('deploys from the page, and cancels what runs', async (t) => {
    await open('/why/acme/shop/slow')
    await page.getByRole('link', { name: 'Deploy …' }).click()
    await page.getByLabel('Branch, tag or commit').fill('main')
    await press('Deploy')
    const { id } = await inEnvironment(fleet, 'slow')
    await eventually(() => fleet.states(id).includes('in_progress'), 'it runs')
    await open(`/deployments/${shop}/${id}`)
    await page.getByRole('link', { name: 'Cancel' }).click()
    t.match(
      await page.locator('.says').textContent(),
      'is running on slow; it is stopped now and ends as error.',
    )
    t.match(await page.locator('.says').textContent(), 'Nothing else waits for slow.')
    await page.getByLabel('Reason').fill('Wrong branch')
    await press(`Cancel #${id}`)
    t.match(await told(), `#${id}`)
    t.equal((await fleet.finalStates(id)).at(-1), 'error')
  })

  await t.test('rolls back', async (t) => {
    const before = await inEnvironment(fleet, 'staging')
    await fleet.merge('Paint the door')
    const bad = await inEnvironment(fleet, 'staging', before.id)
    await fleet.finalStates(bad.id)
    await open(`/deployments/${shop}/${bad.id}/rollback`)
    await press(/^Roll back to/)
    const back = await inEnvironment(fleet, 'staging', bad.id)
    t.equal(back.sha, before.sha)
    await fleet.finalStates(back.id)
  })

  await t.test('has a delivery sent again', async (t) => {
    await open('/deliveries?event=pull_request')
    await page.getByRole('link', { name: 'pull_request closed' }).first().click()
    await page.getByRole('link', { name: 'Replay' }).click()
    await press('Replay')
    t.match(await told(), 'once more')
  })

  await t.test('declares a freeze, and ends it', async (t) => {
    await open('/locks')
    await page.getByRole('link', { name: 'Freeze …' }).click()
    await page.getByLabel('Until').fill('2099-12-27T08:00')
    await page.getByLabel('Reason').fill('Holidays')
    await press('Freeze')
    t.match(await told(), 'A freeze of everything is declared')
    await page.getByRole('link', { name: 'End it' }).click()
    await press('End it')
    t.match(await told(), 'The freeze of everything is over.')
  })

  await t.test('makes a token, and sees it once', async (t) => {
    await open('/tokens')
    await page.getByLabel('Name').fill('ci')
    await press('Make it')
    t.match(await page.locator('.secret').textContent(), /^liv_/)
    t.notMatch(page.url(), 'liv_')
    await open('/tokens')
    t.equal(await page.locator('.secret').count(), 0)
  })
}

t.test('with scripts', { skip: noBrowser }, async (t) => {
  const charge = await startCharge(t)
  await workADay(t, charge)
  t.strictSame(charge.person.complaints, [], 'the browser has no complaints')
})

t.test('without scripts', { skip: noBrowser }, async (t) => {
  await workADay(t, await startCharge(t, false))
})

t.test('the pages are for everybody, and fit', { skip: noBrowser }, async (t) => {
  const fleet = await startFleet(t, { config })
  await makeToken(tokensOf(t, fleet.receiver), 'viewer')
  await fleet.merge('Mend the cart')
  const { id } = await inEnvironment(fleet, 'production')
  const delivery = await deliveryOf(fleet)
  await lockAndFreeze(fleet)
  const newPage = await startBrowser(t, fleet.receiver)
  const paths = [
    ...['/deliveries', `/deliveries/${delivery}`, `/deliveries/${delivery}/replay`, '/locks', '/queue'],
    ...['/figures?environment=staging', '/figures', '/audit', '/tokens', '/why', `/why/${shop}/production`],
    ...[
      `/deployments/${shop}/${id}/approve`,
      `/deployments/${shop}/${id}/cancel`,
      '/locks/lock',
      '/locks/freeze',
    ],
    `/repositories/${shop}/deploy`,
  ]
  // Sizes and colours have nothing to do with one another: each is looked at once.
  for (const { scheme, size } of [
    { scheme: 'light', size: 'desktop' },
    { scheme: 'dark', size: 'phone' },
  ] as const) {
    await t.test(`${size}, ${scheme}`, async (t) => {
      const { page, open, overflow, barriers, complaints } = await newPage({ scheme, size })
      for (const path of paths) {
        await open(path)
        t.equal(await page.getByRole('heading', { level: 1 }).count(), 1, `${path} has one first heading`)
        t.ok((await overflow()) <= 0, `${path} is not too wide`)
        t.strictSame(await barriers(), [], `${path} has no barriers`)
      }
      t.strictSame(complaints, [], 'the browser has no complaints')
    })
  }

  await t.test('the raw view of the queues works under its policy', async (t) => {
    const { page, open } = await newPage()
    await open('/queue/raw')
    await page.getByRole('link', { name: 'deployments' }).first().click()
    await page.waitForURL(/\/queue\/raw\/queue\/deployments/)
    await page.getByText('process-deployment').first().waitFor()
    t.match(await page.getByRole('main').textContent(), 'process-deployment')
  })
})

async function deliveryOf({ receiver }: Fleet): Promise<string> {
  const { body } = await receiver.api('/deliveries?event=pull_request')
  const [first] = body.deliveries as { delivery: string }[]
  return first?.delivery ?? ''
}

async function lockAndFreeze({ receiver }: Fleet): Promise<void> {
  const headers = { authorization: `Bearer ${testAdminToken}`, 'content-type': 'application/json' }
  const send = (method: string, path: string, body: object) =>
    fetch(`${receiver.url}/api${path}`, { method, headers, body: JSON.stringify(body) })
  await send('PUT', '/locks/acme/shop/slow', { reason: 'Somebody moves the database', expires: '2h' })
  await send('POST', '/freezes', { until: '2099-01-01T00:00:00Z', reason: 'Holidays' })
}
