// `livraison setup`: an App is made in a browser, from the page on this machine to what lies in .env.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { chromium } from 'playwright-core'
import t, { type Test } from 'tap'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { findTestProgram } from '../../scripts/setup/test-programs.mjs'
import { permissionsByName } from '../../src/github/app/needs.ts'
import { browserArguments, findBarriers, noBrowser } from '../fixtures/browser.ts'
import { eventually } from '../fixtures/fleet.ts'
import { commandLine } from '../fixtures/livraison.ts'

t.setTimeout(150_000)

const publicUrl = 'http://livraison.test'

async function start(t: Test) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  const line = commandLine(t)
  const settings = { GITHUB_API_URL: sandbox.apiUrl, GITHUB_SERVER_URL: sandbox.url, PUBLIC_URL: publicUrl }
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(join(line.cwd, '.env'), `${text.join('')}GITHUB_WEBHOOK_SECRET=before\n# the end\n`)
  const browser = await chromium.launch({
    executablePath: findTestProgram('chromium') ?? '',
    args: browserArguments,
  })
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.setDefaultTimeout(20_000)
  return { sandbox, ...line, page, dotEnv: () => readFileSync(join(line.cwd, '.env'), 'utf8') }
}

t.test(
  'an App is made for an organization, and what it signs in with is stored',
  { skip: noBrowser },
  async (t) => {
    const { sandbox, start: run, cwd, page, dotEnv } = await start(t)
    const command = run(['setup', '--organization', 'acme', '--name', 'Shop deployer'])
    const url = await eventually(
      () => /^http:\/\/127\.0\.0\.1:\d+\/$/m.exec(command.stdout())?.[0],
      'the page',
      30_000,
    )
    await page.goto(url)
    t.same(await findBarriers(page), [])
    t.match(
      await page.locator('main').textContent(),
      /deployments.*write.*to make deployments and to report them/,
    )

    await page.getByRole('button', { name: /Go on to/ }).click()
    await page.waitForURL(`${sandbox.url}/organizations/acme/settings/apps/new?state=*`)
    t.equal(await page.getByLabel('GitHub App name').inputValue(), 'Shop deployer')
    await page.getByLabel('GitHub App name').fill('Shop courier')
    await page.getByRole('button', { name: 'Create GitHub App for acme' }).click()
    await page.getByRole('heading', { name: 'The GitHub App is made' }).waitFor()
    const install = await page.getByRole('link', { name: /Install it/ }).getAttribute('href')
    t.equal(install, `${sandbox.url}/apps/shop-courier/installations/new`)

    const { status, stdout, stderr } = await command.ended
    t.equal(status, 0, stderr)
    t.match(stdout, `Install it on your repositories: ${install}`)
    const [app] = sandbox.registeredApps()
    t.match(app, {
      owner: { login: 'acme' },
      permissions: permissionsByName(),
      hook: { url: `${publicUrl}/event_handler`, active: true },
    })
    const stored = parseEnv(dotEnv())
    t.match(stored, {
      GITHUB_APP_ID: String(app?.id),
      GITHUB_APP_PRIVATE_KEY_FILE: '.livraison/github-app.pem',
      GITHUB_WEBHOOK_SECRET: `${app?.hook.secret},before`,
      GITHUB_OAUTH_CLIENT_ID: app?.clientId,
      GITHUB_OAUTH_CLIENT_SECRET: app?.clientSecret,
      PUBLIC_URL: publicUrl,
    })
    t.match(dotEnv(), /\n# the end\n/)
    const key = join(cwd, '.livraison/github-app.pem')
    for (const file of [join(cwd, '.env'), key]) t.equal(statSync(file).mode & 0o777, 0o600, file)
    for (const secret of [readFileSync(key, 'utf8'), app?.hook.secret ?? '', app?.clientSecret ?? '']) {
      t.notOk(stdout.includes(secret) || stderr.includes(secret))
    }

    const again = await run(['setup']).ended
    t.match(again, { status: 1, stderr: /GITHUB_APP_ID is set: there is an App already\. --force/ })
    const doctor = await run(['doctor', '--json']).ended
    const findings: { of: string; text: string }[] = JSON.parse(doctor.stdout)
    t.match(
      findings.filter(({ of }) => of === 'GitHub App').map(({ text }) => text),
      [
        /^signed in as Shop courier/,
        /^its webhook delivers to http:\/\/livraison.test/,
        'it is installed nowhere',
      ],
    )

    await page.goto(install ?? '')
    await page.getByRole('button', { name: 'Install on all repositories of acme' }).click()
    await page.getByText('Installed on all repositories of acme.').waitFor()
    const installed = await run(['doctor', '--json']).ended
    t.notMatch(installed.stdout, 'it is installed nowhere')
  },
)

t.test('what comes back without our state is nobody’s App', { skip: noBrowser }, async (t) => {
  const { sandbox, start: run, cwd, page } = await start(t)
  const command = run(['setup'])
  const url = await eventually(
    () => /^http:\/\/127\.0\.0\.1:\d+\/$/m.exec(command.stdout())?.[0],
    'the page',
    30_000,
  )
  const ask = async (path: string, headers: Record<string, string> = {}) =>
    (await fetch(`${url}${path}`, { headers })).status
  t.equal(await ask('created?code=abc&state=guessed'), 400)
  t.equal(await ask('created?code=abc'), 400)
  t.equal(await ask('elsewhere'), 404)
  t.equal((await fetch(url, { method: 'POST' })).status, 405)
  t.same(sandbox.requests, [], 'GitHub is not asked')

  sandbox.faults.add({
    operation: 'apps/create-from-manifest',
    answer: { status: 404, body: { message: 'Not Found' } },
  })
  await page.goto(url)
  await page.getByRole('button', { name: /Go on to/ }).click()
  await page.getByRole('button', { name: /Create GitHub App/ }).click()
  await page.getByRole('heading', { name: 'That did not work' }).waitFor()
  const { status, stderr } = await command.ended
  t.equal(status, 1)
  t.match(stderr, /GitHub gives no key for the code \(404 Not Found\): delete the App/)
  t.notOk(existsSync(join(cwd, '.livraison')))
})
