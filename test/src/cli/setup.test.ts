// `livraison setup --token`, and what it writes into .env.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t, { type Test } from 'tap'
import { startSandbox } from '../../../sandbox/sandbox.ts'
import { withVariables } from '../../../src/cli/setup/env-file.ts'
import { faultsOf } from '../../../src/cli/setup/make-hooks.ts'
import { hookEvents, manifestOf, neededEvents } from '../../../src/github/app/needs.ts'
import { commandLine } from '../../fixtures/livraison.ts'

// Each command is a process of its own.
t.setTimeout(150_000)

const publicUrl = 'https://livraison.example'

async function start(t: Test, settings: Record<string, string> = {}) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  await sandbox.createRepository({ owner: 'acme', name: 'shop' })
  await sandbox.createRepository({ owner: 'acme', name: 'site' })
  const line = commandLine(t)
  const all = { GITHUB_TOKEN: sandbox.token, PUBLIC_URL: publicUrl, ...settings }
  const addresses = { GITHUB_API_URL: sandbox.apiUrl, GITHUB_SERVER_URL: sandbox.url }
  const text = Object.entries({ ...addresses, ...all }).map(([name, value]) => `${name}=${value}`)
  writeFileSync(join(line.cwd, '.env'), `# ours\n${text.join('\n')}\n`)
  return { ...line, sandbox, dotEnv: () => readFileSync(join(line.cwd, '.env'), 'utf8') }
}

t.test('webhooks are made, with a secret that is stored', async (t) => {
  const { sandbox, run, cwd, dotEnv } = await start(t)
  const first = await run(['setup', '--token', 'acme/shop', 'acme/site'])
  t.match(first, { status: 0, stderr: '' })
  t.match(first.stdout, /^A secret .*\nacme\/shop: a webhook is made\.\nacme\/site: a webhook is made\.\n$/)
  const secret = parseEnv(dotEnv()).GITHUB_WEBHOOK_SECRET ?? ''
  t.match(secret, /^[0-9a-f]{64}$/)
  t.notOk(first.stdout.includes(secret))
  t.match(dotEnv(), /^# ours\nGITHUB_API_URL=/, 'all else stays')
  t.equal(statSync(join(cwd, '.env')).mode & 0o777, 0o600)
  t.match(sandbox.hooksOf('acme/shop'), [
    { url: `${publicUrl}/event_handler`, secret, contentType: 'json', active: true, events: hookEvents() },
  ])

  const again = await run(['setup', '--token', 'acme/shop'])
  t.match(again.stdout, /^acme\/shop: its webhook is as it should be; the secret was set again\.\n$/)
  t.equal(sandbox.hooksOf('acme/shop').length, 1)
  t.equal(parseEnv(dotEnv()).GITHUB_WEBHOOK_SECRET, secret)
  t.same(sandbox.violations, [])
})

t.test('a webhook that is there is mended, and keeps what else it is told of', async (t) => {
  const { sandbox, run } = await start(t, { GITHUB_WEBHOOK_SECRET: 'new,old' })
  const url = 'http://livraison.example/event_handler/'
  await sandbox.createHook('acme/shop', { url, events: ['push', 'release'], active: false, secret: 'x' })
  await sandbox.createHook('acme/shop', { url: 'https://other.example/hook', secret: 'theirs' })
  const { stdout, status } = await run(['setup', '--token', 'acme/shop'])
  t.equal(status, 0)
  t.match(
    stdout,
    /its webhook is mended: events \(pull_request, .*\); content type; it was switched off\. The secret/,
  )
  const [ours, theirs] = sandbox.hooksOf('acme/shop')
  t.match(ours, { url, secret: 'new', active: true, contentType: 'json' })
  t.same([...(ours?.events ?? [])].sort(), [...new Set([...hookEvents(), 'release'])].sort())
  t.match(theirs, { secret: 'theirs' })
})

t.test('what cannot be done is said, and the others are done', async (t) => {
  const { sandbox, run } = await start(t, { GITHUB_WEBHOOK_SECRET: 'x' })
  const partly = await run(['setup', '--token', 'acme/none', 'acme/shop'])
  t.match(partly, {
    status: 1,
    stdout: 'acme/shop: a webhook is made.\n',
    stderr: /acme\/none: GitHub answers 404/,
  })
  t.equal(sandbox.hooksOf('acme/shop').length, 1)
  t.match(await run(['setup', '--token', 'acme/shop'], { GITHUB_TOKEN: 'wrong' }), {
    status: 1,
    stderr: /401 .*GITHUB_TOKEN is not valid/,
  })
  t.match(await run(['setup', '--token', 'acme']), { status: 2, stderr: /write OWNER\/NAME/ })
  const other = commandLine(t)
  t.match(await other.run(['setup', '--token', 'acme/shop']), { status: 2, stderr: /PUBLIC_URL/ })
  t.match(await other.run(['setup', '--token', 'a/b'], { PUBLIC_URL: publicUrl }), {
    status: 2,
    stderr: /GITHUB_TOKEN is not set/,
  })
  t.match(await other.run(['setup']), { status: 2, stderr: /PUBLIC_URL=https/ })
  const local = { PUBLIC_URL: 'http://localhost:4567' }
  t.match(await other.run(['setup'], local), { status: 2, stderr: /GitHub cannot reach localhost:4567/ })
  t.match(await other.run(['setup'], { PUBLIC_URL: publicUrl, GITHUB_APP_ID: '1' }), {
    status: 1,
    stderr: /--force/,
  })
  t.notOk(existsSync(join(other.cwd, '.env')))
})

t.test('lines of .env', async (t) => {
  t.equal(withVariables('', { A: 'b' }), 'A=b\n')
  t.equal(withVariables('# A=0\nB=1\n\nA=2\nC=3', { A: 'x y' }), "# A=0\nB=1\n\nA='x y'\nC=3\n")
  t.equal(withVariables('export A=1\nA=2\n', { A: '3' }), 'A=3\n', 'the last would count')
  t.equal(withVariables("K='a\nb'\n", { A: '1' }), "K='a\nb'\nA=1\n")
  t.throws(() => withVariables("K='a\n", { A: "1'" }), /could not be read again/)
})

t.test('what a webhook lacks, and what an App is asked to permit', async (t) => {
  const good = {
    id: 1,
    active: true,
    events: hookEvents(),
    config: { content_type: 'json', insecure_ssl: '0' },
  }
  t.same(faultsOf(good), [])
  t.same(faultsOf({ ...good, events: ['*'] }), [])
  t.match(faultsOf({ ...good, config: { content_type: 'form', insecure_ssl: 1 } }), [
    /content type/,
    /certificates/,
  ])
  const options = { name: 'x', publicUrl, redirectUrl: 'http://127.0.0.1:1/created' }
  t.match(manifestOf(options), {
    url: publicUrl,
    hook_attributes: { url: `${publicUrl}/event_handler`, active: true },
    public: false,
    default_permissions: { deployments: 'write', contents: 'write', members: 'read', checks: 'read' },
  })
  t.match(
    manifestOf({ ...options, webhookUrl: 'https://smee.io/x' }).hook_attributes.url,
    'https://smee.io/x',
  )
  t.notOk(hookEvents().includes('deployment_protection_rule'))
  t.ok(neededEvents.every(({ why }) => why.length > 10))
})
