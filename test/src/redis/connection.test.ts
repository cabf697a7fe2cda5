import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import { leastRights, startAcl } from '../../../scripts/redis/acl.ts'
import type { StartTestedRedis } from '../../../scripts/redis/tested-redis.ts'
import { startTls } from '../../../scripts/redis/tls.ts'
import { createUndo } from '../../../scripts/undo.ts'
import { isRedisAway, isRedisTrouble } from '../../../src/redis/away.ts'
import { inspectRedis, warnOfRedis } from '../../../src/redis/health.ts'
import { createReconnectOnError, type RedisTls } from '../../../src/redis/options.ts'
import { connectFailingFast, connectPatiently, firstContact } from '../../../src/redis/redis.ts'
import { eventually } from '../../fixtures/fleet.ts'
import { absent } from '../../fixtures/programs.ts'

const log = pino({ level: 'silent' })

async function started(t: Test, start: StartTestedRedis) {
  const directory = mkdtempSync(join(tmpdir(), 'livraison-redis-'))
  const undo = createUndo()
  undo.push(() => rmSync(directory, { recursive: true, force: true }))
  t.teardown(() => undo.all())
  return { ...(await start({ directory, undo })), directory }
}

t.test('TLS with a private CA and client certificates', { skip: absent('openssl') }, async (t) => {
  const { url, tls, directory } = await started(t, startTls)
  const good = connectPatiently(url, log, tls)
  t.teardown(() => good.disconnect())
  t.match(await inspectRedis(good, '{livraison}'), { persistence: 'append-only file', warnings: [] })
  const file = (name: string) => readFileSync(join(directory, 'certificates', name), 'utf8')
  const rows: [what: string, tls: RedisTls | undefined][] = [
    ['a CA that the machine does not know', undefined],
    ['no certificate of our own', { ca: file('ca.crt') }],
    [
      'a certificate of another CA',
      { ca: file('ca.crt'), cert: file('stranger.crt'), key: file('stranger.key') },
    ],
    ['another CA than that of the server', { ...tls, ca: file('other-ca.crt') }],
  ]
  for (const [what, wrong] of rows) {
    const bad = connectFailingFast(url, log, wrong)
    t.teardown(() => bad.disconnect())
    await firstContact(bad)
    await t.rejects(bad.get('{livraison}:x'), what)
  }
})

t.test('a user with the least rights', async (t) => {
  const { url } = await started(t, startAcl)
  const redis = connectPatiently(url, log)
  t.teardown(() => redis.disconnect())
  const said: string[] = []
  const listening = pino({ level: 'warn' }, { write: (line) => void said.push(JSON.parse(line).msg) })
  warnOfRedis(redis, '{livraison:ghe.example.com}', listening)
  await eventually(() => said.length > 0, 'that it may not touch the keys of another GitHub')
  t.match(said, [/^Redis refuses .* keys below \{livraison:ghe\.example\.com\}:/])
  t.match(await inspectRedis(redis, '{livraison}'), { warnings: [] })
  await t.rejects(redis.set('of-others', 1), /NOPERM/)
  await t.rejects(redis.publish('of-others', ''), /NOPERM/)
  await t.rejects(redis.flushall(), /NOPERM/)
  await t.rejects(redis.config('GET', 'dir'), /NOPERM/)
  t.ok(readFileSync('docs/redis.md', 'utf8').includes(leastRights), 'docs/redis.md has the same rights')
})

t.test('what a failover answers is nobody’s mistake', async (t) => {
  const away = [
    "READONLY You can't write against a read only replica.",
    'ERR Error running script: @user_script:1: -READONLY You can not write against a read only replica.',
    'LOADING Redis is loading the dataset in memory',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    'MOVED 3999 127.0.0.1:6381',
    'UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)',
    'Too many Cluster redirections. Last error: Error: Connection is closed.',
    'Failed to refresh slots cache.',
    "Cluster isn't ready and enableOfflineQueue options is false",
    'All sentinels are unreachable. Retrying from scratch after 10ms.',
    'Command timed out',
  ]
  for (const message of away) t.ok(isRedisAway(new Error(message)), message)
  const full = [
    'OOM command not allowed when used memory > maxmemory',
    'NOREPLICAS Not enough good replicas to write.',
  ]
  for (const message of full) {
    t.ok(isRedisTrouble(new Error(message)), message)
    t.notOk(isRedisAway(new Error(message)), message)
  }
  for (const message of ['WRONGTYPE Operation against a key', 'ERR syntax error', 'ASK me later']) {
    t.notOk(isRedisTrouble(new Error(message)), message)
  }
})

t.test('a server that has become a replica is left, once a second at most', async (t) => {
  let now = 10_000
  const reconnects = createReconnectOnError(() => now)
  const error = new Error('READONLY You can not write against a read only replica.')
  t.equal(reconnects(error), 2)
  t.equal(reconnects(error), false)
  now += 1000
  t.equal(reconnects(error), 2)
  t.equal(reconnects(new Error('ERR syntax error')), false)
})
