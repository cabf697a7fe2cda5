// The short form of `npm run test:redis`: a fleet of real processes on a Redis Cluster of six, whose master is killed.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'

t.setTimeout(300_000)

const script = resolve('dist/scripts/test-redis.js')

t.test('a Redis Cluster loses a master: nothing is lost, and nothing is run twice', async (t) => {
  const directory = t.testdir({})
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', script, 'cluster', '--faults', '1', '--pause', '1'],
    {
      // Not tap's environment: it would load its hooks into each process.
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const [status] = await once(child, 'close')
  t.equal(status, 0, said)
  t.match(said, /deployments +[1-9]/, 'there was something to lose')
  t.comment(said)
  t.strictSame(readdirSync(directory), [], 'nothing is left')
})
