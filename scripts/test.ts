// npm test: the whole suite, or the files and folders named, against one private Redis for this run.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countTap, summarize } from './count-tap.ts'
import { dieWithUs } from './die-with-us.ts'
import { startRedis } from './private-redis.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const onTerminal = process.stdout.isTTY && process.stderr.isTTY
const showCursor = '\u001b[?25h'
const directory = mkdtempSync(join(tmpdir(), 'livraison-test-'))
const redis = await startRedis({ persistent: false, dir: directory })
try {
  const status = await runTap(process.argv.slice(2), redis.url)
  process.exitCode = report(status)
} finally {
  await redis.close()
  rmSync(directory, { recursive: true, force: true })
}

/** Runs tap to its end, its readable report on our terminal and all it says in results.tap; gives its status. */
async function runTap(args: string[], redisUrl: string): Promise<number> {
  const tap = spawn(process.execPath, tapArguments(args), {
    cwd: root,
    // CI: tap's reporter redraws its progress unless it is set; in a file or a pipe that is noise.
    env: { ...process.env, LIVRAISON_TEST_REDIS_URL: redisUrl, ...(onTerminal ? {} : { CI: '1' }) },
    stdio: ['ignore', 'inherit', onTerminal ? 'inherit' : 'pipe'],
    // A group of its own, so that it can be stopped whole: tap, the test files, what they started.
    detached: true,
  })
  // tap gives back a cursor that it never took, right before our last line.
  tap.stderr?.setEncoding('utf8').on('data', (text) => process.stderr.write(text.replaceAll(showCursor, '')))
  const callOff = dieWithUs(tap.pid as number)
  const stop = (): void => signalGroup(tap, 'SIGTERM')
  process.on('SIGINT', stop).on('SIGTERM', stop).on('SIGHUP', stop)
  const [status] = await once(tap, 'close')
  signalGroup(tap, 'SIGKILL')
  callOff()
  return status ?? 1
}

function tapArguments(args: string[]): string[] {
  return [
    join(root, 'node_modules/tap/dist/esm/run.mjs'),
    '--reporter=base',
    `--output-file=${join(directory, 'results.tap')}`,
    // Where tap's records of processes go; in the checkout, two runs at once would delete each other's.
    `--test-env=_TAPJS_PROCESSINFO_CWD_=${directory}`,
    // The tests get CI as we got it.
    `--test-env=${process.env.CI === undefined ? 'CI' : `CI=${process.env.CI}`}`,
    ...args.map(filesOf),
  ]
}

/** tap takes files and patterns; people name folders too. */
function filesOf(argument: string): string {
  const isFolder = existsSync(argument) && statSync(argument).isDirectory()
  return isFolder ? `${argument.replace(/\/$/, '')}/**/*.test.ts` : argument
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal)
  } catch {
    // It has ended.
  }
}

/** Prints what was skipped and, last, the line with the counts. Gives the exit status. */
function report(tapStatus: number): number {
  const results = join(directory, 'results.tap')
  const tally = countTap(existsSync(results) ? readFileSync(results, 'utf8') : '')
  if (tapStatus !== 0 && tally.failed === 0) tally.failed++
  for (const { name, reason } of tally.skipped) console.log(`skipped: ${name}: ${reason}`)
  console.log(summarize(tally))
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}
