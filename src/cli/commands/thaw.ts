import type { Command } from 'commander'
import { tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect, pathOf } from '../client.ts'
import { withExamples, withJson } from '../options.ts'

/** `livraison thaw`: ends a freeze. */
export function thawCommand(program: Command): void {
  const command = program
    .command('thaw')
    .description('end a freeze; what it held back goes on')
    .argument('<freeze>', 'its id: livraison freezes lists them')
    .action(async (id: string, options: { json?: boolean }) => {
      const client = await connect()
      tell(await client.ask<Done>(`/freezes${pathOf(id)}`, { method: 'DELETE' }), options)
    })
  withExamples(withJson(command), 'livraison thaw 5f0c2a')
}
