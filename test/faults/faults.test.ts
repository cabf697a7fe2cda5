import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'

// Faults strike for the first part; then everything is healed and must come to its end.
t.setTimeout(240_000)

const script = resolve('dist/scripts/test-faults.js')

t.test(
  'whatever is killed, paused or cut off, each deployment ends once, and is reported once',
  async (t) => {
    const directory = t.testdir({})
    const child = spawn(
      process.execPath,
      ['--enable-source-maps', script, '--seconds', '25', '--workers', '3'],
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
    const figures = said.slice(said.indexOf('faults in all'))
    t.match(figures, /deployments +[1-9]\d/, 'there was something to lose')
    t.comment(figures)
    t.strictSame(readdirSync(directory), [], 'nothing is left')
  },
)
