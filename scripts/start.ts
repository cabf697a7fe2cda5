// npm start: receiver and worker in one terminal, with a persistent Redis of their own unless REDIS_URL is set, and a tunnel
// if one is asked for.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SettingsError } from '../src/settings/parse.ts'
import { readServerSettings } from '../src/settings/server.ts'
import { readTunnelSettings } from '../src/settings/tunnel.ts'
import { readWorkerSettings } from '../src/settings/worker.ts'
import { type Child, startChild } from './child.ts'
import { inColour } from './colour.ts'
import { readableLogLine } from './log-line.ts'
import { startOwnRedis } from './own-data.ts'
import { readTunnel, tunnelHelp } from './start/tunnel.ts'
import { stopSignal } from './stop-signals.ts'

const dist = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => console.log(line)

if (existsSync('.env')) process.loadEnvFile('.env')
await main().catch((error: Error) => {
  console.error(error.message)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const tunnel = readTunnel(process.argv.slice(2), process.env.TUNNEL_URL)
  if (tunnel === 'help') return say(tunnelHelp)
  if (tunnel !== undefined) process.env.TUNNEL_URL = tunnel.url
  const problems = settingsProblems(tunnel !== undefined)
  if (problems !== undefined) throw new Error(problems)
  await run(tunnel !== undefined)
}

async function run(hasTunnel: boolean): Promise<void> {
  const running: Child[] = []
  const signal = stopSignal(() => {
    for (const child of running) child.kill()
  })
  const redis = process.env.REDIS_URL ? undefined : await startOwnRedis(join('.livraison', 'redis'))
  const env = redis ? { ...process.env, REDIS_URL: redis.url } : process.env
  try {
    running.push(start('receiver', 'bundle/server.js', env), start('worker', 'bundle/worker.js', env))
    if (hasTunnel) running.push(start('tunnel', 'src/tunnel/main.js', env))
    const unexpected = running.map(async ({ name, ended }) => `The ${name} ended: ${await ended}.`)
    if (redis) unexpected.push(redis.ended.then((reason) => `Redis ended: ${reason}.`))
    const reason = await Promise.race([signal.then(() => undefined), ...unexpected])
    if (reason) {
      console.error(reason)
      process.exitCode = 1
    }
  } finally {
    // In this order: what comes in is refused before what works on it goes, and Redis holds it all to the end.
    const [receiver, worker, tunnel] = running
    for (const child of [tunnel, receiver, worker]) await child?.stop()
    await redis?.close()
  }
}

function start(name: string, file: string, env: NodeJS.ProcessEnv): Child {
  const colour = inColour()
  const onLine = process.stdout.isTTY ? (line: string) => say(readableLogLine(line, name, colour)) : say
  return startChild({ name, file: join(dist, file), env, onLine })
}

/** What is wrong with the settings of all processes, in one message; undefined if nothing is. */
function settingsProblems(hasTunnel: boolean): string | undefined {
  const readers = [readServerSettings, readWorkerSettings, ...(hasTunnel ? [readTunnelSettings] : [])]
  const lines = readers.flatMap((read) => {
    try {
      read(process.env)
      return []
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      return error.message.split('\n')
    }
  })
  return lines.length > 0 ? [...new Set(lines)].join('\n') : undefined
}
