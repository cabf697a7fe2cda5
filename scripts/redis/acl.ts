import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitHubComPrefix } from '../../src/redis/key-prefix.ts'
import { freePort } from '../free-port.ts'
import { killedAndRestarted } from './one-server.ts'
import { createServer, recommended } from './server.ts'
import type { StartTestedRedis } from './tested-redis.ts'

/** The least that Livraison must be allowed for GitHub.com; docs/redis.md has the same, and a test sees to that. */
export const leastRights = [
  'resetchannels',
  `~${gitHubComPrefix}:*`,
  `&${gitHubComPrefix}:callbacks`,
  '-@all +@connection +@transaction +@string +@hash +@list +@set +@sortedset +@stream',
  '+exists +del +unlink +type +rename +pexpire +pexpireat +pttl +persist +scan',
  '+eval +evalsha +publish +subscribe +unsubscribe +time',
  '-@dangerous +info +client|list +client|setname +cluster|slots +cluster|info',
].join(' ')

/** The keys for the sandbox, whatever its port. */
const onSandbox = '~{livraison:127.0.0.1:*}:* &{livraison:127.0.0.1:*}:callbacks'

const user = 'livraison'
const password = 'p@ss,word/1'
const admin = 'of-the-administrator'

/** A server where Livraison is a user that may touch its own keys, and use the commands that it needs. */
export const startAcl: StartTestedRedis = async ({ directory, undo, program }) => {
  const dir = join(directory, 'server')
  mkdirSync(dir, { recursive: true })
  const aclfile = join(dir, 'users.acl')
  writeFileSync(
    aclfile,
    `user default on >${admin} ~* &* +@all\nuser ${user} on >${password} ${leastRights} ${onSandbox}\n`,
  )
  const port = await freePort()
  const settings = { ...recommended, aclfile }
  const server = createServer({ port, dir, settings, program, connection: { password: admin } })
  undo.push(() => server.kill())
  await server.start()
  const url = `redis://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}`
  return {
    url,
    env: { REDIS_URL: url },
    faults: [killedAndRestarted(server), killedAndRestarted(server)],
    async refusals() {
      // Since it was started last.
      const log = [await server.ask('ACL', 'LOG', 100)].flat() as unknown[][]
      return log.map((entry) => entry.join(' '))
    },
  }
}
