import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import t, { type Test } from 'tap'
import { eventually } from '../../fixtures/fleet.ts'

const file = (path: string) => JSON.stringify(resolve('dist/src', path))

/** A process that opens a log, says a line, and does something. */
function startProcess(t: Test, body: string) {
  const text = `
    import { createLogger } from ${file('log/log.js')}
    import { closeOnSignal } from ${file('shutdown.js')}
    import { openStandardOutput } from ${file('log/standard-output.js')}
    const log = createLogger('info', 'test', { to: openStandardOutput() })
    const forever = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    log.info('the first')
    ${body}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', text], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  const messages = () => [...said.matchAll(/"msg":"([^"]*)"/g)].map(([, message]) => message)
  return { child, messages, ended: once(child, 'close') }
}

t.test('what waits is written when the process ends, in whatever way it does', async (t) => {
  const ends = {
    'by itself': '',
    'by process.exit': 'process.exit()',
    'by an error that nothing catches': `closeOnSignal(log, 1000, async () => log.info('closing')); setTimeout(() => { throw new Error('ours') })`,
    'by a signal': `closeOnSignal(log, 1000, async () => log.info('closing')); setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM')`,
    'while it is closed in vain': `closeOnSignal(log, 1, () => new Promise(() => {})); setInterval(() => {}, 1000); process.kill(process.pid, 'SIGTERM')`,
  }
  const last = [
    'the first',
    'the first',
    'closing',
    'closing',
    'ending took too long: this process stops at once',
  ]
  for (const [index, [how, body]] of Object.entries(ends).entries()) {
    const { messages, ended } = startProcess(t, body)
    await ended
    t.equal(messages()[0], 'the first', how)
    t.equal(messages().at(-1), last[index], how)
  }
})

t.test('many lines are all there, in their order', async (t) => {
  const { messages, ended } = startProcess(t, 'for (let n = 0; n < 5000; n++) log.info(String(n))')
  await ended
  t.strictSame(messages(), ['the first', ...Array.from({ length: 5000 }, (_, n) => String(n))])
})

t.test('a line waits for others only for a moment', async (t) => {
  const { messages } = startProcess(t, 'setInterval(() => {}, 1000)')
  await eventually(() => messages().length === 1, 'the line', 30_000)
})

t.test('a warning waits for nothing, nor does what came before it', async (t) => {
  const { messages } = startProcess(t, `log.warn('a warning'); forever()`)
  await eventually(
    () => messages().length === 2,
    'both lines, of a process that does nothing any more',
    30_000,
  )
  t.strictSame(messages(), ['the first', 'a warning'])
})
