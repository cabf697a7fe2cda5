import type { Command } from 'commander'
import { tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect, pathOf } from '../client.ts'
import { withExamples, withJson } from '../options.ts'

/** `livraison replay`: has GitHub send a delivery again. */
export function replayCommand(program: Command): void {
  const command = program
    .command('replay')
    .description('have GitHub send a delivery again')
    .argument('<delivery>', 'its GUID: livraison deliveries lists them')
    .action(async (guid: string, options: { json?: boolean }) => {
      const client = await connect()
      tell(await client.ask<Done>(`/deliveries${pathOf(guid)}/replay`, { method: 'POST', body: {} }), options)
    })
  withExamples(withJson(command), 'livraison replay 72d3162e-cc78-11e3-81ab-4c9367dc0958')
}
