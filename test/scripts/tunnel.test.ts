// `npm start -- --tunnel`.
import t from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { readTunnel } from '../../scripts/start/tunnel.ts'
import { signed } from '../fixtures/deliveries.ts'
import { startSmee } from '../fixtures/smee.ts'
import { processesOf, runScript } from './run.ts'

const start = 'scripts/start.js'
const secret = 'a secret for this test'
const settings = { GITHUB_WEBHOOK_SECRET: secret, GITHUB_TOKEN: 'a token for this test' }

t.test('what was asked for', async (t) => {
  const url = 'https://smee.io/x'
  t.strictSame(readTunnel(['--tunnel', url], undefined), { url })
  t.strictSame(readTunnel([`--tunnel=${url}`], 'https://smee.io/y'), { url })
  t.strictSame(readTunnel(['--tunnel'], url), { url })
  t.strictSame(readTunnel([], url), { url })
  t.equal(readTunnel([], undefined), undefined)
  t.equal(readTunnel([], ''), undefined)
  t.equal(readTunnel(['--tunnel'], undefined), 'help')
  for (const wrong of [['--tunel', url], [url], ['--tunnel', url, 'more']]) {
    t.throws(() => readTunnel(wrong, undefined), /--tunnel URL/)
  }
})

t.test('without an address it says how to get one, and runs nothing', async (t) => {
  const run = runScript(t, start, settings, () => {}, ['--tunnel'])
  t.equal(await run.ended, 'exit status 0', run.said())
  t.match(run.said(), /smee\.io\/new[\s\S]*application\/json[\s\S]*gh webhook forward/)
  const port = runScript(t, start, { ...settings, PORT: '0' }, () => {}, ['--tunnel', 'https://smee.io/x'])
  t.equal(await port.ended, 'exit status 1')
  t.match(port.said(), /PORT is 0/)
})

t.test('with one, deliveries of the channel come to the receiver', async (t) => {
  const smee = await startSmee(t)
  const env = { ...settings, PORT: String(await freePort()) }
  const seen = { open: false, listening: false }
  const run = runScript(
    t,
    start,
    env,
    async (line, run) => {
      if (line.includes('the tunnel is open')) seen.open = true
      if (line.includes('listening on')) seen.listening = true
      if (line.includes('came through the tunnel')) return run.stop()
      if (!seen.open || !seen.listening) return
      seen.open = false
      const { headers, body } = signed('ping', {}, { secret })
      await fetch(smee.channel, { method: 'POST', headers, body: new Uint8Array(body) })
    },
    ['--tunnel', smee.channel],
  )
  t.equal(await run.ended, 'exit status 0', run.said())
  t.match(run.said(), /came through the tunnel/)
  t.notMatch(run.said(), /AbCdEf/)
  t.strictSame(processesOf(run), [], 'nothing is left')
})
