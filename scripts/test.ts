// npm test: the whole suite, or the files and folders named, against one private Redis for this run.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emptyTally, summarize, type Tally } from './count-tap.ts'
import { dieWithUs } from './die-with-us.ts'
import { startRedis } from './private-redis.ts'
import { tellTests } from './test-report.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const testFiles = fileURLToPath(new URL('test-files.js', import.meta.url))
const named = process.argv.slice(2)
const absent = named.find((name) => !existsSync(name))
if (absent !== undefined) {
  console.error(`There is no ${absent}: name a test file, or a folder of them.`)
  process.exit(1)
}
const files = (named.length === 0 ? ['test'] : named).flatMap(filesOf)
const directory = mkdtempSync(join(tmpdir(), 'livraison-test-'))
const redis = await startRedis({ persistent: false, dir: directory })
try {
  const tally = emptyTally()
  const status = await runTap(files, redis.url, tally)
  process.exitCode = conclude(status, tally)
} finally {
  await redis.close()
  rmSync(directory, { recursive: true, force: true })
}

/** Runs the test files to their end and tells what they say as they come; gives the exit status. */
async function runTap(files: string[], redisUrl: string, tally: Tally): Promise<number> {
  const tap = spawn(process.execPath, [testFiles, ...files], {
    cwd: root,
    env: { ...process.env, LIVRAISON_TEST_REDIS_URL: redisUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, so that it can be stopped whole: the test files and what they started.
    detached: true,
  })
  const callOff = dieWithUs(tap.pid as number)
  const stop = (): void => signalGroup(tap, 'SIGTERM')
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  const parser = tellTests(tally, (line) => console.log(line))
  tap.stdout.setEncoding('utf8').on('data', (text) => parser.write(text))
  const [status] = await once(tap, 'close')
  parser.end()
  signalGroup(tap, 'SIGKILL')
  callOff()
  return status ?? 1
}

/** The test files that a name means: one of them, or all that are in a folder. */
function filesOf(name: string): string[] {
  const files = statSync(name).isDirectory()
    ? readdirSync(name, { recursive: true, encoding: 'utf8' }).map((file) => join(name, file))
    : [name]
  return files
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => relative(root, resolve(file)))
    .sort()
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal)
  } catch {
    // It has ended.
  }
}

/** Prints what was skipped and, last, the line with the counts. Gives the exit status. */
function conclude(tapStatus: number, tally: Tally): number {
  if (tapStatus !== 0 && tally.failed === 0) tally.failed++
  for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}: ${reason}`)
  console.log(summarize(tally))
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}
