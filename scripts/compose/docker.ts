import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** How Docker Compose is called here, as a program and its first arguments, or why it cannot be. */
export type Compose = { command: [string, ...string[]] } | { missing: string }

export function findCompose(): Compose {
  const engine = quietly('docker', ['info', '--format', '{{.ServerVersion}}'])
  // Without an engine some versions complain and still end with status 0.
  if (engine.status !== 0 || !engine.stdout.trim()) {
    const said = `${engine.stderr ?? ''}`.trim().split('\n').at(-1)
    return { missing: `there is no Docker engine here (docker info: ${engine.error?.message ?? said})` }
  }
  if (quietly('docker', ['compose', 'version']).status === 0) return { command: ['docker', 'compose'] }
  if (quietly('docker-compose', ['version']).status === 0) return { command: ['docker-compose'] }
  return { missing: 'there is a Docker engine here, but neither `docker compose` nor `docker-compose`' }
}

function quietly(program: string, args: string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { encoding: 'utf8' })
}

export interface Run {
  /** Runs a compose command to its end, what it says shown. Throws if it fails. */
  show(...args: string[]): Promise<void>
  /** Runs a compose command to its end and gives what it says on standard output. Throws if it fails. */
  read(...args: string[]): string
}

/** Compose commands on one project of ours. */
export function composeProject(
  [program, ...first]: [string, ...string[]],
  { cwd, project, files, env }: { cwd: string; project: string; files: string[]; env: NodeJS.ProcessEnv },
): Run {
  // No .env of the one who runs this: it may hold the settings of a real installation.
  const before = [
    ...first,
    '--env-file',
    '/dev/null',
    '-p',
    project,
    ...files.flatMap((file) => ['-f', file]),
  ]
  return {
    async show(...args) {
      const child = spawn(program, [...before, ...args], {
        cwd,
        env,
        stdio: ['ignore', 'inherit', 'inherit'],
      })
      const [status] = await once(child, 'close')
      if (status !== 0) throw new Error(`\`compose ${args.join(' ')}\` ended with status ${status}`)
    },
    read(...args) {
      const { status, stdout, stderr } = spawnSync(program, [...before, ...args], {
        cwd,
        env,
        encoding: 'utf8',
      })
      if (status !== 0)
        throw new Error(`\`compose ${args.join(' ')}\` ended with status ${status}: ${stderr}`)
      return stdout
    },
  }
}
