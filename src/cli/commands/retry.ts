import type { Command } from 'commander'
import { newest } from '../../deployments/choose.ts'
import { act } from '../act.ts'
import { connect } from '../client.ts'
import { withExamples, withReason, withRepository, withWait } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { tellOrWait, type WaitOptions } from '../wait/wait.ts'
import { whichDeployment } from '../which.ts'

type Options = PlaceOptions & WaitOptions & { reason?: string }

/** `livraison retry`: deploys again what failed or was cancelled. */
export function retryCommand(program: Command): void {
  const command = program
    .command('retry')
    .description('deploy again what failed or was cancelled: the same commit, as a new deployment')
    .argument('[deployment]', 'its number, or its repository')
    .argument('[environment]', 'the environment whose newest deployment is meant')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, newest)
      const { reason } = options
      await tellOrWait(
        client,
        await act(client, deployment, { operation: 'retry', body: { reason } }),
        options,
      )
    })
  withExamples(
    withWait(withReason(withRepository(command))),
    'livraison retry 123',
    'livraison retry acme/shop production --logs',
  )
}
