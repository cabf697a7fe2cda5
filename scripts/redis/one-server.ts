import { setTimeout as sleep } from 'node:timers/promises'
import type { TestedServer } from './server.ts'
import type { RedisFault } from './tested-redis.ts'

/** It is killed, and is there again with its data after some seconds. */
export function killedAndRestarted(server: TestedServer): RedisFault {
  return {
    what: 'the server is killed, and started again with its append-only file',
    async strike() {
      await server.kill()
      await sleep(2000)
      await server.start()
    },
    heal: () => server.start(),
  }
}

/** It answers nothing for some seconds. */
export function hangs(server: TestedServer): RedisFault {
  return {
    what: 'the server hangs for some seconds',
    async strike() {
      server.pause()
      await sleep(3000)
      server.resume()
    },
    heal: async () => server.resume(),
  }
}
