// The small form of npm run test:fuzz: the whole receiver, and everything that it must not stumble over.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import t from 'tap'

// Slow senders are borne for half a minute, which is waited for.
t.setTimeout(240_000)

t.test('whatever is sent, the receiver is as it was before', async (t) => {
  const child = spawn(process.execPath, [resolve('dist/scripts/test-fuzz.js'), '--requests', '2500'], {
    // Not tap's environment: it would load its hooks into each process.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: t.testdir({}) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  t.equal(status, 0, said)
  t.match(said, /jobs +[1-9]\d* queued, 0 of them without a good signature/)
  t.comment(said)
})
