import { existsSync } from 'node:fs'
import t from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { processesOf, runScript } from './run.ts'

const start = 'scripts/start.js'
const settings = { GITHUB_WEBHOOK_SECRET: 'a secret for this test', GITHUB_TOKEN: 'a token for this test' }

t.test('receiver, worker and a Redis of its own run until they are asked to end', async (t) => {
  const port = await freePort()
  const run = runScript(t, start, { ...settings, PORT: String(port) }, async (line, run) => {
    if (!line.includes('listening on')) return
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`)
    t.equal(ready.status, 200)
    t.match(await ready.json(), { redis: { persistence: 'append-only file', maxmemoryPolicy: 'noeviction' } })
    await run.stop()
  })
  t.equal(await run.ended, 'exit status 0', run.said())
  t.ok(existsSync(`${run.directory}/.livraison/redis/appendonlydir`), 'what Redis knew is kept')
  t.notOk(run.said().includes(settings.GITHUB_TOKEN))
  t.strictSame(processesOf(run), [], 'nothing is left')
})

t.test('settings that are missing are named, all at once, and nothing runs', async (t) => {
  const run = runScript(t, start, {})
  t.equal(await run.ended, 'exit status 1')
  t.match(run.said(), /GITHUB_WEBHOOK_SECRET is not set[\s\S]*GITHUB_TOKEN is not set/)
  t.notOk(existsSync(`${run.directory}/.livraison`))
})

t.test('a process that ends unasked ends the others, with its reason', async (t) => {
  const run = runScript(t, start, { ...settings, PORT: '0' }, (line) => {
    const { msg, pid } = JSON.parse(line.startsWith('{') ? line : '{}')
    if (msg === 'waiting for jobs') process.kill(pid, 'SIGKILL')
  })
  t.equal(await run.ended, 'exit status 1')
  t.match(run.said(), /The worker ended: SIGKILL\./)
  t.strictSame(processesOf(run), [], 'nothing is left')
})
