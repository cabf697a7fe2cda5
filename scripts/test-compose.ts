// npm run test:compose: the composition, built and started, with the sandbox as GitHub.
import { fileURLToPath } from 'node:url'
import { composeProject, findCompose, type Run } from './compose/docker.ts'
import {
  createDeployment,
  deploymentStates,
  mergePullRequest,
  untilAnswers,
  untilSeeded,
} from './compose/github.ts'
import { freePort } from './free-port.ts'
import { stopSignal } from './stop-signals.ts'

const limitMs = 60_000
const beganAt = Date.now()

const found = findCompose()
if ('missing' in found) console.log(`skipped: ${found.missing}`)
else await main(found.command)

async function main(command: [string, ...string[]]): Promise<void> {
  const [port, sandboxPort] = [await freePort(), await freePort()]
  const project = {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    project: `livraison-test-${process.pid}`,
    files: ['docker-compose.yml', 'docker-compose.sandbox.yml'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DOCKER_HOST: process.env.DOCKER_HOST,
      PORT: String(port),
      SANDBOX_PORT: String(sandboxPort),
      SIMULATED_WORK_SECONDS: '0.5',
    },
  }
  const compose = composeProject(command, project)
  const withCommands = composeProject(command, {
    ...project,
    files: [...project.files, 'scripts/compose/docker-compose.commands.yml'],
  })
  const stopped = stopSignal(() => process.exit(1)).then((signal) => {
    throw new Error(`stopped by ${signal}`)
  })
  const [receiver, sandbox] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${sandboxPort}`]
  const all = async () => {
    await exercise(compose, receiver, sandbox)
    await runCommands(withCommands, receiver, sandbox)
  }
  try {
    await Promise.race([all(), stopped])
    tell('passed')
  } catch (error) {
    console.error(`failed: ${(error as Error).message}`)
    await compose.show('logs', '--tail', '40').catch(() => {})
    process.exitCode = 1
  }
  await compose.show('down', '--volumes', '--remove-orphans', '--timeout', '5')
  process.exit()
}

async function exercise(compose: Run, receiver: string, sandbox: string): Promise<void> {
  tell('building and starting')
  await compose.show('up', '--build', '--detach')
  await untilAnswers(`${receiver}/readyz`, limitMs)
  await untilSeeded(sandbox, limitMs)
  await seeThrough(sandbox, 'one worker')
  for (const service of ['server', 'worker', 'redis']) seeConfined(compose, service)

  await compose.show('up', '--detach', '--no-recreate', '--scale', 'worker=4')
  const workers = compose.read('ps', '--quiet', 'worker').trim().split('\n').length
  if (workers !== 4) throw new Error(`there are ${workers} workers, not 4`)
  await seeThrough(sandbox, 'four workers')

  await compose.show('restart', 'redis')
  await untilAnswers(`${receiver}/readyz`, limitMs)
  await seeThrough(sandbox, 'a Redis that was restarted')
}

const goneLimitMs = 5000

/** Looks whether a service runs without root, without powers, and on a file system that it cannot change. */
function seeConfined(compose: Run, service: string): void {
  const look = `id -u; grep -E '^(CapEff|NoNewPrivs)' /proc/1/status; (touch /made-here 2>&1 || true)`
  const said = compose.read('exec', '-T', service, 'sh', '-c', look)
  const wanted = /^[1-9]\d*\nCapEff:\s0+\nNoNewPrivs:\s1\n.*Read-only file system/
  if (!wanted.test(said)) throw new Error(`${service} is not confined: ${said}`)
  tell(`${service} runs as user ${said.split('\n')[0]} and can change nothing of its own`)
}

/** Deploys by commands, in the worker's container and as its user, and looks what is left of them. */
async function runCommands(compose: Run, receiver: string, sandbox: string): Promise<void> {
  await compose.show('up', '--detach', '--no-build', '--scale', 'worker=1')
  await untilAnswers(`${receiver}/readyz`, limitMs)
  // The sandbox, which follows the receiver, may be a new one.
  await untilSeeded(sandbox, limitMs)
  const sha = await seeThrough(sandbox, 'a command in the container')
  await createDeployment(sandbox, sha, 'stubborn')
  const states = (await deploymentStates(sandbox, sha, limitMs, 'stubborn')).join(', ')
  if (states !== 'pending, in_progress, failure')
    throw new Error(`with a command that does not end, the statuses were: ${states}`)
  tell(`a command that does not end: ${states}`)

  const look = 'cat /proc/[0-9]*/cmdline | tr "\\0" "\\n" | grep -x 987; ls "$CACHE_DIR"/*/runs'
  // What was killed may take a moment to be gone on a busy machine.
  const until = Date.now() + goneLimitMs
  for (;;) {
    const left = compose.read('exec', '-T', 'worker', 'sh', '-c', look).trim()
    if (left === '') break
    if (Date.now() > until) throw new Error(`the commands left behind: ${left}`)
  }
  tell('of the commands, nothing is left')
}

/** Merges a pull request and sees its deployment succeed, its statuses in order. Gives the merge commit. */
async function seeThrough(sandbox: string, what: string): Promise<string> {
  const sha = await mergePullRequest(sandbox, `Try ${what}`)
  const states = (await deploymentStates(sandbox, sha, limitMs)).join(', ')
  if (states !== 'pending, in_progress, success') throw new Error(`with ${what} the statuses were: ${states}`)
  tell(`${what}: ${states}`)
  return sha
}

function tell(text: string): void {
  console.log(`${((Date.now() - beganAt) / 1000).toFixed(1).padStart(7)} s  ${text}`)
}
