// `livraison doctor` where Livraison is a GitHub App.
import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { limitFinding } from '../../../../src/cli/doctor/github/examine-as-app.ts'
import { testSecret } from '../../../fixtures/deliveries.ts'
import { doctorsShop as shop, startMachine } from '../../../fixtures/doctor.ts'
import { appSettings, registerTestApp } from '../../../fixtures/fleet.ts'

// Each look of the doctor is a process of its own.
t.setTimeout(150_000)

t.test('what the App may, what became of its deliveries, and what is left of its limits', async (t) => {
  const { sandbox, doctor, hookUrl } = await startMachine(t)
  const made = registerTestApp(sandbox)
  const settings = { ...appSettings(made), GITHUB_TOKEN: '' }
  Object.assign(made.app.hook, { url: '', active: false, secret: null })

  const before = await doctor([], settings)
  t.match(before.of(`repository ${shop}`), {
    level: 'fail',
    text: /not installed on acme\/shop: install it at/,
  })
  t.match(before.of('clock'), { level: 'ok' })
  t.ok(before.findings.some(({ text }) => /delivers nowhere/.test(text)))

  const installation = sandbox.installApp(made.app, 'acme')
  sandbox.makePrivate(shop)
  const fixed = await doctor(['--fix'], settings)
  t.match(
    fixed.findings.find(({ of, done }) => of === 'GitHub App' && done !== undefined),
    {
      of: 'GitHub App',
      done: `its webhook delivers to ${hookUrl}, signed with the secret in GITHUB_WEBHOOK_SECRET`,
    },
  )
  t.match(made.app.hook, { url: hookUrl, secret: testSecret, active: true })
  t.match(fixed.of(`repository ${shop}`), { level: 'ok' })
  t.match(fixed.of(`git of ${shop}`), { level: 'ok', text: /can be fetched/ })
  t.match(fixed.of('rate limit of acme'), { level: 'ok', text: /\d+ of \d+ calls are left/ })

  await sandbox.push(shop)
  await sandbox.whenever(() =>
    sandbox.deliveries().some(({ event, status }) => event === 'push' && status === 'OK'),
  )
  const again = await doctor(['--fix'], settings)
  t.notOk(
    again.findings.some(({ done }) => done !== undefined),
    'there is nothing left to mend',
  )
  t.match(again.of('deliveries to the GitHub App'), { level: 'ok', text: /arrived/ })

  sandbox.suspendInstallation(installation, 'mona')
  const suspended = await doctor([], settings)
  t.match(suspended.of(`repository ${shop}`), { level: 'fail', text: /suspended on acme by mona/ })
  t.same(sandbox.violations, [])
})

t.test('a key that is not the App’s', async (t) => {
  const { sandbox, doctor } = await startMachine(t)
  const { app } = registerTestApp(sandbox)
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { status, of } = await doctor([], {
    ...appSettings({ app, privateKey: key, webhookSecret: null }),
    GITHUB_TOKEN: '',
  })
  t.equal(status, 1)
  t.match(of('GitHub App'), { level: 'fail', todo: /must be of one App/ })
})

t.test('what is left of a limit', async (t) => {
  const headers = (left: number) => ({ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': String(left) })
  t.match(limitFinding('acme', headers(4000)), { level: 'ok' })
  t.match(limitFinding('acme', headers(400)), { level: 'warn', text: '400 of 5000 calls are left' })
  t.match(limitFinding('acme', {}), { level: 'ok', text: 'there is none' })
})
