import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { withExamples } from '../options.ts'

/** The bundled worker, by where it lies: src/ may not import it. */
const file = fileURLToPath(new URL('../../../bundle/worker.js', import.meta.url))
const endWithParent = new URL('../end-with-parent.js', import.meta.url).href
const passedOn = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** `livraison worker`: a worker, as a process of its own that lives as long as this one. */
export function workerCommand(program: Command): void {
  const command = program
    .command('worker')
    .description('run a worker: it does the work')
    .action(async () => {
      const { loadDotEnv } = await import('../../settings/environment.ts')
      loadDotEnv()
      await run()
    })
  withExamples(command, 'REDIS_URL=redis://127.0.0.1:6379 livraison worker')
}

/** Passes signals on, and ends as the worker ends. */
async function run(): Promise<void> {
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', endWithParent, file], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of passedOn) process.on(signal, pass)
  const [code, signal]: [number | null, NodeJS.Signals | null] = await endOf(child)
  for (const each of passedOn) process.off(each, pass)
  if (signal !== null) process.kill(process.pid, signal)
  process.exitCode = code ?? 1
}

async function endOf(child: ReturnType<typeof spawn>): Promise<[number | null, NodeJS.Signals | null]> {
  const [code, signal] = await once(child, 'exit')
  return [code, signal]
}
