// The receiver as a process of its own: its start, its log and its end.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { freePort } from '../../scripts/free-port.ts'
import { handledPayloads, signed, testSecret } from '../fixtures/deliveries.ts'
import { deliverTo, get, isError } from '../fixtures/receiver.ts'
import { ownRedis } from '../fixtures/redis.ts'

// What `npm run server` runs; the set-up of `npm test` has built it.
const program = resolve('dist/bundle/server.js')

t.test('unusable settings: exit status 1, and all that is wrong with them on standard error', async (t) => {
  const secret = 'hunter2'
  const server = startServer(t, {
    PORT: 'http',
    REDIS_URL: `http://:${secret}@host`,
    GITHUB_WEBHOOK_SECRET: ' ',
  })
  t.strictSame(await server.ended, [1, null])
  t.match(
    server.errors(),
    /^These settings are missing or unusable:\n {2}PORT .*\n {2}REDIS_URL .*\n {2}GITHUB_WEBHOOK_SECRET is not set: .*\n$/,
  )
  t.notOk(server.errors().includes(secret))
  t.equal(server.output(), '')
})

t.test('what .env has and a single process does not read is said', async (t) => {
  const dotEnv = `GITHUB_WEBHOOK_SECRET=${testSecret}\nPORT=1234\n`
  const server = startServer(t, { PORT: 'http' }, dotEnv)
  t.strictSame(await server.ended, [1, null])
  const [hint, ...before] = server.errors().trimEnd().split('\n').toReversed()
  t.equal(before.length, 3)
  t.match(hint, /^\.env has GITHUB_WEBHOOK_SECRET, but .* does not read it: .*--env-file=\.env$/)
  t.notOk(server.errors().includes(testSecret))
})

t.test('a port that is taken: exit status 1, and which', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  t.teardown(() => other.close())
  const { port } = other.address() as { port: number }
  const server = startServer(t, { PORT: String(port), GITHUB_WEBHOOK_SECRET: testSecret })
  t.strictSame(await server.ended, [1, null])
  t.match(server.output(), new RegExp(`address already in use 127\\.0\\.0\\.1:${port}`))
})

t.test('from a start without Redis to an end in order', async (t) => {
  const redis = await ownRedis(t)
  await redis.kill()
  const port = await freePort()
  const server = startServer(t, {
    PORT: String(port),
    REDIS_URL: redis.url,
    GITHUB_WEBHOOK_SECRET: `new one,${testSecret}`,
  })
  const url = `http://127.0.0.1:${port}`
  await server.says('listening on')
  const delivery = signed('pull_request', handledPayloads().merged)
  isError(t, await deliverTo(url, delivery), 503, /^The job was not queued: Redis cannot be reached\./)
  isError(t, await get(`${url}/readyz`), 503, /^Redis cannot be used: /)
  t.equal((await get(`${url}/healthz`)).status, 200)

  await redis.restart()
  await server.says('Redis is back')
  await server.says('Redis keeps no append-only file')
  t.equal((await deliverTo(url, delivery)).status, 202)

  server.signal('SIGTERM')
  server.signal('SIGTERM')
  t.strictSame(await server.ended, [0, null], 'exit status 0, though npm may pass the signal on twice')
  t.match(server.output(), /"msg":"ending in order"/)
  t.equal(server.errors(), '', 'nothing on standard error')
  t.notOk(server.output().includes(testSecret))
})

t.test('it ends in order while Redis is away, too', async (t) => {
  const redis = await ownRedis(t)
  const server = startServer(t, { PORT: '0', REDIS_URL: redis.url, GITHUB_WEBHOOK_SECRET: testSecret })
  await server.says('listening on')
  await redis.kill()
  await server.says('trying again until it')
  server.signal('SIGINT')
  t.strictSame(await server.ended, [0, null])
})

interface Server {
  output(): string
  errors(): string
  /** Waits until this is in its log. */
  says(text: string): Promise<void>
  signal(name: NodeJS.Signals): void
  /** Its exit status and the signal that ended it. */
  ended: Promise<unknown[]>
}

/** Starts the receiver with these settings and no others. It is killed when the test ends. */
/** In a folder of its own, with a file .env if its text is given. */
function startServer(t: Test, settings: Record<string, string>, dotEnv?: string): Server {
  const child = spawn(process.execPath, [program], {
    cwd: t.testdir(dotEnv === undefined ? {} : { '.env': dotEnv }),
    env: { ...withoutSettings(process.env), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  const ended = once(child, 'close')
  const [output, errors] = [collect(child.stdout), collect(child.stderr)]
  return {
    output,
    errors,
    says: (text) => untilSaid(child, output, text),
    signal: (name) => void child.kill(name),
    ended,
  }
}

function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(PORT|HOST|REDIS_URL|GITHUB_.*|PUBLIC_URL|ADMIN_TOKEN|CONFIG_FILE|LOG_LEVEL)$/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)))
}

function collect(stream: Readable): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}

async function untilSaid(
  child: ChildProcessByStdio<null, Readable, Readable>,
  output: () => string,
  text: string,
): Promise<void> {
  while (!output().includes(text)) {
    if (child.exitCode !== null) throw new Error(`it ended before it said "${text}"; it said:\n${output()}`)
    await sleep(10)
  }
}
