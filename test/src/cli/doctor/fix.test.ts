// `livraison doctor --fix`: what it mends, and what it leaves alone.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { freePort } from '../../../../scripts/free-port.ts'
import { testSecret } from '../../../fixtures/deliveries.ts'
import { doctorsShop as shop, startMachine } from '../../../fixtures/doctor.ts'

// Each look of the doctor is a process of its own.
t.setTimeout(150_000)

const webhook = `webhook of ${shop}`

t.test('a webhook and the folder of the cache are made, once', async (t) => {
  const { sandbox, doctor, hookUrl, cwd } = await startMachine(t)
  const before = await doctor()
  t.match(before, { status: 1 })
  t.match(before.of(webhook), { level: 'fail', text: /none leads to/, todo: /livraison doctor --fix/ })
  t.strictSame(sandbox.hooksOf(shop), [], 'looking makes nothing')

  const fixed = await doctor(['--fix'])
  t.match(fixed.of(webhook), {
    level: 'ok',
    done: /^made one that sends pull_request, .*issue_comment to http/,
  })
  t.match(fixed.of('disk'), { level: 'ok', done: /^made the folder/ })
  t.ok(existsSync(join(cwd, '.livraison', 'cache')))
  const [hook, ...more] = sandbox.hooksOf(shop)
  t.match(hook, { url: hookUrl, contentType: 'json', secret: testSecret, active: true })
  t.strictSame(more, [])

  await sandbox.whenever(() => hook?.deliveries[0]?.status === 'OK', { what: 'the ping' })
  const again = await doctor(['--fix'])
  t.equal(again.status, 0)
  t.match(again.of(webhook), { level: 'ok', done: undefined })
  t.equal(sandbox.hooksOf(shop).length, 1)
  t.strictSame(sandbox.violations, [])
})

t.test('a webhook is mended, and what is right about it stays', async (t) => {
  const { sandbox, doctor, hookUrl } = await startMachine(t)
  const hook = await sandbox.createHook(shop, {
    ...{ url: hookUrl, secret: testSecret, contentType: 'form', active: false },
    events: ['pull_request', 'release'],
  })
  const fixed = await doctor(['--fix'])
  t.match(fixed.of(webhook), {
    level: 'ok',
    text: /switched off; it does not send deployment, .*; it sends forms/,
    done: /content type to application\/json; added the events deployment, .*; switched it on/,
  })
  t.match(hook, { contentType: 'json', secret: testSecret, active: true, url: hookUrl })
  t.ok(hook.events.includes('release'), 'what it sent before, it still sends')
  t.ok(hook.events.includes('issue_comment'))
})

t.test('an address that leads nowhere is mended, another installation’s is left alone', async (t) => {
  const { sandbox, doctor, hookUrl } = await startMachine(t)
  const dead = `http://127.0.0.1:${await freePort()}/event_handler`
  const hook = await sandbox.createHook(shop, { url: dead, secret: testSecret, contentType: 'json' })
  t.match((await doctor()).of(webhook), { level: 'fail', text: new RegExp(`it leads to ${dead}`) })
  t.match((await doctor(['--fix'])).of(webhook), {
    level: 'ok',
    todo: undefined,
    done: /^changed its address/,
  })
  t.match(hook, { url: hookUrl, secret: testSecret })

  await sandbox.createRepository({ owner: 'acme', name: 'other' })
  await sandbox.createHook('acme/other', {
    ...{ url: 'https://deploy.acme.example/event_handler', secret: 'theirs', contentType: 'json' },
    active: false,
  })
  const args = ['--fix', '--repository', 'acme/other']
  await doctor(args, { CONFIG_FILE: '' })
  t.match((await doctor(args)).of('repository acme/other'), { level: 'warn' })
  t.equal(sandbox.hooksOf('acme/other')[0]?.url, 'https://deploy.acme.example/event_handler')
})

t.test('a secret is given only if the running receiver has taken it', async (t) => {
  const { sandbox, doctor, hookUrl } = await startMachine(t)
  const hook = await sandbox.createHook(shop, { url: hookUrl, secret: 'an old one', contentType: 'json' })
  await sandbox.push(shop)
  await sandbox.whenever(
    () => hook.deliveries.length > 0 && hook.deliveries.every(({ status }) => status !== null),
    {
      what: 'the answer',
    },
  )
  const unproven = await doctor(['--fix'], { GITHUB_WEBHOOK_SECRET: 'not what the receiver has' })
  t.match(unproven.of(webhook), {
    level: 'fail',
    text: /its secret is not the one/,
    todo: /only a secret that the running/,
  })
  t.match(unproven.of(`deliveries to ${shop}`), { level: 'fail', text: /the signature was wrong/ })
  t.equal(hook.secret, 'an old one')

  const fixed = await doctor(['--fix'])
  t.match(fixed.of(webhook), { level: 'ok', done: 'gave it the secret in GITHUB_WEBHOOK_SECRET' })
  t.equal(hook.secret, testSecret)

  sandbox.faults.add({
    operation: 'repos/update-webhook',
    times: 1,
    answer: { status: 403, body: { message: 'No' } },
  })
  hook.active = false
  const refused = await doctor(['--fix'])
  t.match(refused.of(webhook), { level: 'fail', todo: /--fix could not do it: .*403/ })
})
