import type { Command } from 'commander'
import { theUnfinished } from '../../deployments/choose.ts'
import { act, tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson, withReason, withRepository } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { whichDeployment } from '../which.ts'

type Options = PlaceOptions & { reason?: string; json?: boolean }

/** `livraison cancel`: ends a deployment, waiting or running. */
export function cancelCommand(program: Command): void {
  const command = program
    .command('cancel')
    .description('end a deployment, whether it waits or runs')
    .argument('[deployment]', 'its number, or its repository')
    .argument('[environment]', 'the environment in which it waits or runs')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, theUnfinished)
      const { reason } = options
      tell(await act<Done>(client, deployment, { operation: 'cancel', body: { reason } }), options)
    })
  withExamples(
    withJson(withReason(withRepository(command))),
    'livraison cancel 123 --reason "the migration is not ready"',
    'livraison cancel acme/shop production',
  )
}
