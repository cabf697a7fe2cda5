import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { makeCertificates } from './certificates.ts'
import { killedAndRestarted } from './one-server.ts'
import { createServer, recommended } from './server.ts'
import type { StartTestedRedis } from './tested-redis.ts'

/** A server that speaks TLS only, with a certificate of a private CA, and takes only clients that have one, too. */
export const startTls: StartTestedRedis = async ({ directory, undo, program }) => {
  const files = await makeCertificates(join(directory, 'certificates'))
  const port = await freePort()
  const tls = {
    ca: readFileSync(files.ca, 'utf8'),
    cert: readFileSync(files.client.cert, 'utf8'),
    key: readFileSync(files.client.key, 'utf8'),
  }
  const server = createServer({
    ...{ port, dir: join(directory, 'server'), program, connection: { tls } },
    settings: {
      ...recommended,
      port: '0',
      'tls-port': String(port),
      'tls-ca-cert-file': files.ca,
      'tls-cert-file': files.server.cert,
      'tls-key-file': files.server.key,
      'tls-auth-clients': 'yes',
    },
  })
  undo.push(() => server.kill())
  await server.start()
  const url = `rediss://localhost:${port}`
  return {
    url,
    tls,
    env: {
      REDIS_URL: url,
      REDIS_CA_FILE: files.ca,
      REDIS_CERT_FILE: files.client.cert,
      REDIS_KEY_FILE: files.client.key,
    },
    faults: [killedAndRestarted(server), killedAndRestarted(server)],
  }
}
