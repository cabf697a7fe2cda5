// Each command in docs/api.md works as it is written there.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { findTestProgram } from '../../scripts/setup/test-programs.mjs'
import { eventually, shop, startFleet } from '../fixtures/fleet.ts'
import { testAdminToken } from '../fixtures/receiver.ts'

const commands = [...readFileSync('docs/api.md', 'utf8').matchAll(/^ {4,}(curl .*)$/gm)].map(
  ([, line = '']) => line,
)
const absent = findTestProgram('curl') === undefined && 'curl is not installed: apt-get install curl'

t.test('the commands of docs/api.md', { skip: absent }, async (t) => {
  const { receiver, sandbox, merge } = await startFleet(t)
  await merge()
  const deployment = await sandbox.whenever(() => sandbox.deployments(shop)[0])
  await eventually(() => deployment.statuses.some(({ state }) => state === 'success'), 'a success')
  // What is followed has no end: curl leaves after this long.
  const home = mkdtempSync(join(tmpdir(), 'livraison-curl-'))
  t.teardown(() => rmSync(home, { recursive: true, force: true }))
  writeFileSync(join(home, '.curlrc'), 'silent\nmax-time = 5\nwrite-out = "\\n%{http_code}"\n')
  const env = {
    ...process.env,
    CURL_HOME: home,
    HOME: home,
    LIVRAISON_URL: receiver.url,
    LIVRAISON_TOKEN: testAdminToken,
  }
  t.ok(commands.length > 10, 'there are some')
  const run = async (command: string) => {
    const child = spawn(
      'sh',
      ['-c', command.replace(/deployment(s\/acme\/shop\/|=)1\b/, `deployment$1${deployment.id}`)],
      {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    await once(child, 'close')
    t.equal(text.split('\n').at(-1), '200', command)
    return text
  }
  const answers = await Promise.all(commands.map(run))
  const resumed = answers[commands.findIndex((command) => command.includes('Last-Event-ID'))] ?? ''
  t.match(resumed, /^id: .*$/m)
  const log = answers[commands.findIndex((command) => command.includes('text/event-stream'))] ?? ''
  t.match(log, /^event: end$/m)
})
