// npm run setup: makes a fresh clone ready to run, and does nothing, quickly, where nothing is missing.
// Plain JavaScript without dependencies: when it runs first, nothing is installed and nothing is built.
//   --quiet       say nothing when there is nothing to do
//   --no-redis    Redis runs elsewhere
//   --own-redis   a redis-server is needed here, even if REDIS_URL names another (demo, tests)
//   --tests       the tests are to be run: they are built, and in CI (CI=true) the programs that they try are installed
//   --for-tests   those programs are installed in any case
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, buildIsStale } from './setup/build.mjs'
import { installPrograms } from './setup/install.mjs'
import { withLock } from './setup/lock.mjs'
import { nodeComplaint } from './setup/node-version.mjs'
import { installPackages, packagesAreMissing } from './setup/packages.mjs'
import { findRedisProgram } from './setup/redis-program.mjs'
import {
  findTestProgram,
  installsTestPrograms,
  missingPackages,
  testPrograms,
} from './setup/test-programs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const options = new Set(process.argv.slice(2))
const say = (line) => console.log(line)

/** What is to be done, in order: whether it must be, and doing it. */
const steps = [
  {
    isMissing: () => packagesAreMissing(root, { dev: options.has('--tests') || isToBeBuilt() }),
    async provide() {
      say('Installing the npm packages (npm ci) ...')
      await installPackages(root)
    },
  },
  {
    isMissing: () => lacksRedis() || packagesForTests().length > 0,
    provide: () => installPrograms({ redis: lacksRedis(), packages: packagesForTests() }, say),
  },
  {
    isMissing: isToBeBuilt,
    async provide() {
      say('Building (tsc) ...')
      await build(root, { tests: options.has('--tests') })
    },
  },
]

try {
  await setUp()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}

async function setUp() {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const complaint = nodeComplaint(process.versions.node, engines.node)
  if (complaint) throw new Error(complaint)
  if (!steps.some((step) => step.isMissing())) {
    if (!options.has('--quiet')) say('Everything is there.')
    return
  }
  await withLock(root, async () => {
    for (const step of steps) {
      if (step.isMissing()) await step.provide()
    }
  })
}

function isToBeBuilt() {
  return buildIsStale(root, { tests: options.has('--tests') })
}

function packagesForTests() {
  return installsTestPrograms(options, process.env) ? missingPackages(testPrograms, findTestProgram) : []
}

function lacksRedis() {
  return needsRedis() && !findRedisProgram()
}

function needsRedis() {
  if (options.has('--own-redis')) return true
  return !options.has('--no-redis') && !redisIsElsewhere()
}

function redisIsElsewhere() {
  try {
    process.loadEnvFile(join(root, '.env'))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  return Boolean(process.env.REDIS_URL)
}
