import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findRedisProgram } from './redis-program.mjs'
import { run } from './run.mjs'
import { findTestProgram, missingPackages, testPrograms } from './test-programs.mjs'

/**
 * How programs can be installed on this machine without asking anybody: a command, or undefined. With Homebrew it is
 * Redis alone: macOS has most of what the tests try, and they do without the rest. Pure.
 */
export function installer({ platform, isRoot, runs }, { redis, packages }) {
  const script = fileURLToPath(new URL('install-packages.sh', import.meta.url))
  const args = [...(redis ? ['redis-server,valkey-server'] : []), ...packages]
  if (platform === 'linux' && runs('apt-get', ['--version'])) {
    if (isRoot) return ['sh', [script, ...args]]
    if (runs('sudo', ['-n', 'true'])) return ['sudo', ['-n', 'sh', script, ...args]]
  }
  if (redis && platform === 'darwin' && runs('brew', ['--version']))
    return ['brew', ['install', '--quiet', 'redis']]
  return undefined
}

/**
 * Installs Redis, and programs that tests use, in one go. Throws, with the ways out, where Redis cannot be installed;
 * of the other programs, `say` tells which could not be.
 */
export async function installPrograms(wanted, say) {
  const found = installer({ platform: process.platform, isRoot: process.getuid?.() === 0, runs }, wanted)
  if (!found && wanted.redis)
    throw new Error(waysOut('There is no Redis here, and it cannot be installed without you.'))
  const problem = found && (await install(found, wanted, say))
  if (wanted.redis && !findRedisProgram()) {
    const reason = problem ? `Redis could not be installed. ${problem.message}` : undefined
    throw new Error(waysOut(reason ?? 'What could be installed is older than Redis 6.2.'))
  }
  const missing = wanted.packages.length > 0 ? missingPackages(testPrograms, findTestProgram) : []
  if (missing.length > 0)
    say(`Could not be installed: ${missing.join(', ')}. Tests that need them are skipped.`)
}

/** Gives what went wrong, if something did. */
async function install([command, args], { redis, packages }, say) {
  const names = [...(redis ? ['Redis'] : []), ...(command === 'brew' ? [] : packages)]
  say(`Installing ${names.join(', ')} (${command === 'brew' ? 'brew' : 'apt-get'}) ...`)
  return run(command, args).then(
    () => undefined,
    (error) => error,
  )
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
