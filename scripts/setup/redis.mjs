import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findRedisProgram } from './redis-program.mjs'
import { run } from './run.mjs'

/** How Redis can be installed on this machine without asking anybody: a command, or undefined. */
export function redisInstaller({ platform, isRoot, runs }) {
  const script = fileURLToPath(new URL('install-redis.sh', import.meta.url))
  if (platform === 'linux' && runs('apt-get', ['--version'])) {
    if (isRoot) return ['sh', [script]]
    if (runs('sudo', ['-n', 'true'])) return ['sudo', ['-n', 'sh', script]]
  }
  if (platform === 'darwin' && runs('brew', ['--version'])) return ['brew', ['install', '--quiet', 'redis']]
  return undefined
}

/** Installs Redis. Throws, with the ways out, where that is not possible. */
export async function installRedis(say) {
  const installer = redisInstaller({ platform: process.platform, isRoot: process.getuid?.() === 0, runs })
  if (!installer) throw new Error(waysOut('There is no Redis here, and it cannot be installed without you.'))
  const [command, args] = installer
  say(`Installing Redis (${command === 'brew' ? 'brew' : 'apt-get'}) ...`)
  await run(command, args).catch((error) => {
    throw new Error(waysOut(`Redis could not be installed. ${error.message}`))
  })
  if (!findRedisProgram()) throw new Error(waysOut('What could be installed is older than Redis 6.2.'))
}

/** Whether a program runs here and is content with its arguments. */
function runs(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function waysOut(reason) {
  return [
    reason,
    'Any one of these helps:',
    '  - install Redis 6.2 or newer (or Valkey), so that redis-server or valkey-server is on PATH:',
    '    https://redis.io/docs/latest/operate/oss_and_stack/install/',
    '  - for `npm start`: set REDIS_URL to a Redis that runs elsewhere, such as redis://HOST:6379',
    '  - use Docker, which brings its own: docker compose up',
  ].join('\n')
}
