// npm start: receiver and worker in one terminal, with a persistent Redis of their own unless REDIS_URL is set.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SettingsError } from '../src/settings/parse.ts'
import { readServerSettings } from '../src/settings/server.ts'
import { readWorkerSettings } from '../src/settings/worker.ts'
import { type Child, startChild } from './child.ts'
import { inColour } from './colour.ts'
import { readableLogLine } from './log-line.ts'
import { startOwnRedis } from './own-data.ts'
import { stopSignal } from './stop-signals.ts'

const dist = fileURLToPath(new URL('..', import.meta.url))
const say = (line: string): void => console.log(line)

if (existsSync('.env')) process.loadEnvFile('.env')
const problems = settingsProblems()
if (problems) {
  console.error(problems)
  process.exitCode = 1
} else {
  await main().catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}

async function main(): Promise<void> {
  const running: Child[] = []
  const signal = stopSignal(() => {
    for (const child of running) child.kill()
  })
  const redis = process.env.REDIS_URL ? undefined : await startOwnRedis(join('.livraison', 'redis'))
  const env = redis ? { ...process.env, REDIS_URL: redis.url } : process.env
  try {
    running.push(start('receiver', 'bundle/server.js', env), start('worker', 'bundle/worker.js', env))
    const unexpected = running.map(async ({ name, ended }) => `The ${name} ended: ${await ended}.`)
    if (redis) unexpected.push(redis.ended.then((reason) => `Redis ended: ${reason}.`))
    const reason = await Promise.race([signal.then(() => undefined), ...unexpected])
    if (reason) {
      console.error(reason)
      process.exitCode = 1
    }
  } finally {
    // In this order: what comes in is refused before what works on it goes, and Redis holds it all to the end.
    for (const child of running) await child.stop()
    await redis?.close()
  }
}

function start(name: string, file: string, env: NodeJS.ProcessEnv): Child {
  const colour = inColour()
  const onLine = process.stdout.isTTY ? (line: string) => say(readableLogLine(line, name, colour)) : say
  return startChild({ name, file: join(dist, file), env, onLine })
}

/** What is wrong with the settings of both processes, in one message; undefined if nothing is. */
function settingsProblems(): string | undefined {
  const lines = [readServerSettings, readWorkerSettings].flatMap((read) => {
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
