// The receiver in docs/notices.md takes what is signed, and nothing else.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { signatureOf } from '../../src/signature-of.ts'
import { aNotice, testChannels } from '../fixtures/channels.ts'
import { eventually } from '../fixtures/fleet.ts'
import { testRules } from '../fixtures/rules.ts'

const text = readFileSync('docs/notices.md', 'utf8')
const program = text.slice(text.indexOf('    // receiver.mjs')).replaceAll(/^ {4}/gm, '')

t.test('the receiver of docs/notices.md', async (t) => {
  const port = await freePort()
  const directory = t.testdir({ 'receiver.mjs': program })
  const env = { PATH: process.env.PATH, NOTICE_SECRET: 'hunter2', PORT: String(port) }
  const file = join(directory, 'receiver.mjs')
  const child = spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => void child.kill())
  const lines: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line))
  const url = `http://localhost:${port}`
  const post = (body: string, secret: string, timestamp: number) =>
    fetch(url, {
      method: 'POST',
      body,
      headers: {
        'x-livraison-timestamp': String(timestamp),
        'x-livraison-signature-256': signatureOf(secret, String(timestamp), body),
      },
    }).then(({ status }) => status)
  const now = Math.floor(Date.now() / 1000)
  await eventually(() => post('{}', 'hunter2', now).catch(() => undefined), 'that it listens')
  t.equal(await post('{}', 'another', now), 403)
  t.equal(await post('{}', 'hunter2', now - 3600), 403)

  const rules = testRules(`
notify:
  - webhook: { url: "${url}", secret: hunter2, allow_private: true }
repositories: { acme/shop: {} }
`)
  const channels = await testChannels(t, { rules })
  await channels.tell(aNotice('n-1'))
  await eventually(() => lines.includes('production: success, by octocat'), 'the notice')
  t.same(
    channels.log.filter(({ level }) => level >= 40),
    [],
  )
})
