import type { Command } from 'commander'
import { theNewestSuccess } from '../../deployments/choose.ts'
import { act } from '../act.ts'
import { connect } from '../client.ts'
import { withExamples, withReason, withRepository, withWait } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { tellOrWait, type WaitOptions } from '../wait/wait.ts'
import { whichDeployment } from '../which.ts'

type Options = PlaceOptions & WaitOptions & { to?: string; reason?: string }

/** `livraison promote`: deploys the same commit to the next environment. */
export function promoteCommand(program: Command): void {
  const command = program
    .command('promote')
    .description('deploy the commit of a deployment to the environment that comes after')
    .argument('[deployment]', 'its number, or its repository')
    .argument('[environment]', 'the environment whose newest success is meant')
    .option('--to <environment>', 'where to; else the environment that comes after')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, theNewestSuccess)
      const body = { environment: options.to, reason: options.reason }
      await tellOrWait(client, await act(client, deployment, { operation: 'promote', body }), options)
    })
  withExamples(
    withWait(withReason(withRepository(command))),
    'livraison promote acme/shop staging',
    'livraison promote 123 --to production --no-wait',
  )
}
