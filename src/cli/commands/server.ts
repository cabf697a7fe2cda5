import type { Command } from 'commander'
import { withExamples } from '../options.ts'

/** `livraison server`: the receiver, in this process. */
export function serverCommand(program: Command): void {
  const command = program
    .command('server')
    .description("run the receiver: it takes GitHub's webhooks, and serves the API and the dashboard")
    .action(async () => {
      const { loadDotEnv } = await import('../../settings/environment.ts')
      loadDotEnv()
      await import('../../server.ts')
    })
  withExamples(command, 'REDIS_URL=redis://127.0.0.1:6379 livraison server')
}
