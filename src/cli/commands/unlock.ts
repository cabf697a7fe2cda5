import type { Command } from 'commander'
import { tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { lockPath, readPlace, type ScopeOptions } from '../scope.ts'

type Options = ScopeOptions & { json?: boolean }

/** `livraison unlock`: lets what a lock held back go on. */
export function unlockCommand(program: Command): void {
  const command = program
    .command('unlock')
    .description('take a lock away; what it held back goes on')
    .argument('[repository]', 'as in acme/shop')
    .argument('[environment]', 'as in production; else the lock on the repository')
    .option('--everything', 'the lock on all repositories')
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const client = await connect()
      const { place } = await readPlace(client, [first, second], options, false)
      tell(await client.ask<Done>(lockPath(place), { method: 'DELETE' }), options)
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison unlock acme/shop production',
    'livraison unlock --everything',
  )
}
