import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { makeCertificates } from '../../../scripts/redis/certificates.ts'
import { readServerSettings } from '../../../src/settings/server.ts'
import { readWorkerSettings } from '../../../src/settings/worker.ts'
import { absent } from '../../fixtures/programs.ts'

const server = (env: Record<string, string>) => readServerSettings({ GITHUB_WEBHOOK_SECRET: 'one', ...env })
const worker = (env: Record<string, string>) => readWorkerSettings({ GITHUB_TOKEN: 'a token', ...env })

t.test('a list of nodes is a Redis Cluster, for both processes', async (t) => {
  const url = 'redis://one:6379,two:6379'
  t.equal(server({ REDIS_URL: url }).redisUrl, url)
  t.equal(worker({ REDIS_URL: url }).redisUrl, url)
  t.notOk('redisTls' in server({ REDIS_URL: url }))
})

t.test('a bad address stops both, in one message with all else', async (t) => {
  const bad = { REDIS_URL: 'redis+sentinel://:secret@one', PORT: 'x' }
  for (const read of [server, worker]) {
    t.throws(() => read(bad), /PORT must be.*\n {2}REDIS_URL does not say what the Sentinels call the master/)
    t.doesNotThrow(() => {
      try {
        read(bad)
      } catch (error) {
        if (String(error).includes('secret')) throw error
      }
    })
  }
})

t.test('certificates', { skip: absent('openssl') }, async (t) => {
  const directory = t.testdir({})
  const { ca, client, stranger } = await makeCertificates(directory)
  const files = { REDIS_CA_FILE: ca, REDIS_CERT_FILE: client.cert, REDIS_KEY_FILE: client.key }
  const url = { REDIS_URL: 'rediss://redis' }
  const text = (file: string) => readFileSync(file, 'utf8')
  for (const read of [server, worker]) {
    const tls = { ca: text(ca), cert: text(client.cert), key: text(client.key) }
    t.strictSame(read({ ...url, ...files }).redisTls, tls)
    t.strictSame(read({ ...url, REDIS_CA_FILE: ca }).redisTls, { ca: text(ca) })
  }
  const garbage = join(directory, 'garbage')
  writeFileSync(garbage, '-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n')
  const rows: [env: Record<string, string>, words: RegExp][] = [
    [{ ...files, REDIS_URL: 'redis://redis' }, /are for TLS: REDIS_URL must begin with rediss:/],
    [{ ...url, REDIS_CERT_FILE: client.cert }, /belong together: set both or neither/],
    [{ ...url, ...files, REDIS_KEY_FILE: stranger.key }, /cannot be used together/],
    [{ ...url, REDIS_CA_FILE: '/nowhere' }, /REDIS_CA_FILE names "\/nowhere", which cannot be read/],
    [{ ...url, REDIS_CA_FILE: client.key }, /which holds no certificate in PEM/],
    [{ ...url, REDIS_CA_FILE: garbage }, /REDIS_CA_FILE holds no certificate that can be used/],
    [{ ...url, ...files, REDIS_KEY_FILE: client.cert }, /which holds no private key in PEM/],
  ]
  for (const [env, words] of rows) t.throws(() => server(env), words)
})
