import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { startRedis } from '../../scripts/private-redis.ts'
import { askRedis } from '../../scripts/redis-answer.ts'
import { ownRedis, testRedis } from '../fixtures/redis.ts'

const privateRedis = resolve('dist/scripts/private-redis.js')

t.test('a private Redis takes data, refuses to evict and ends when closed', async (t) => {
  const redis = await startRedis({ persistent: false })
  t.teardown(() => redis.close())
  const client = connected(t, redis.url)
  t.equal(await client.set('key', 'value'), 'OK')
  t.strictSame(await client.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction'])
  t.strictSame(await client.config('GET', 'bind'), ['bind', '127.0.0.1'])
  client.disconnect()
  await redis.close()
  await redis.close()
  t.equal(await redis.ended, 'exit status 0')
  t.strictSame(await askRedis(redis.port), { ready: false, pid: undefined })
})

t.test('a persistent one keeps what it was told through a crash', async (t) => {
  const redis = await ownRedis(t, { persistent: true })
  const client = connected(t, redis.url)
  await client.config('SET', 'appendfsync', 'always')
  await client.set('key', 'kept')
  client.disconnect()
  await redis.kill()
  await redis.restart()
  t.equal(await connected(t, redis.url).get('key'), 'kept')
})

t.test('a port that is taken is refused with what Redis said', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  await t.rejects(startRedis({ persistent: false, port }), /did not start.*already in use/is)
})

t.test('a persistent one without a directory is refused', async (t) => {
  await t.rejects(startRedis({ persistent: true }), /needs a directory/)
})

t.test('it does not outlive a process that is killed', async (t) => {
  const program = `
    const { startRedis } = await import(${JSON.stringify(privateRedis)})
    const redis = await startRedis({ persistent: false })
    console.log(redis.pid)
    setInterval(() => {}, 1000)`
  const arguments_ = [...process.execArgv, '--input-type=module', '--eval', program]
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data')
  const pid = Number(line)
  t.ok(isAlive(pid), 'it runs')
  child.kill('SIGKILL')
  while (isAlive(pid)) await sleep(10)
  t.pass('it is gone')
})

t.test('each test has a prefix of its own', async (t) => {
  const [one, other] = await Promise.all([testRedis(t), testRedis(t)])
  t.match(one.prefix, /^\{test-[0-9a-f]{12}\}$/)
  t.not(one.prefix, other.prefix)
  t.equal(await connected(t, one.url).ping(), 'PONG')
})

t.test('one that is paused does not answer until it goes on', async (t) => {
  const redis = await ownRedis(t)
  redis.pause()
  t.match(await askRedis(redis.port, 100), { ready: false })
  redis.resume()
  t.match(await askRedis(redis.port), { ready: true, pid: redis.pid() })
})

function connected(t: Test, url: string): Redis {
  const client = new Redis(url)
  t.teardown(() => client.disconnect())
  return client
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
