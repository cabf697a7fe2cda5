import type { Command } from 'commander'
import { theNewestBegun } from '../../deployments/choose.ts'
import { act } from '../act.ts'
import { connect } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples, withReason, withRepository, withWait } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { tellOrWait, type WaitOptions } from '../wait/wait.ts'
import { numberOf, whichDeployment } from '../which.ts'

type Options = PlaceOptions & WaitOptions & { to?: string; reason?: string }

/** `livraison rollback`: deploys what worked before. */
export function rollbackCommand(program: Command): void {
  const command = program
    .command('rollback')
    .description('deploy what worked before a deployment, or an earlier one that is named')
    .argument('[deployment]', 'the number of the one to go back from, or its repository')
    .argument('[environment]', 'the environment to roll back')
    .option('--to <number>', 'the earlier deployment to go back to; else the last that worked')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const to = earlier(options.to)
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, theNewestBegun)
      const body = { to, reason: options.reason }
      await tellOrWait(client, await act(client, deployment, { operation: 'rollback', body }), options)
    })
  withExamples(
    withWait(withReason(withRepository(command))),
    'livraison rollback acme/shop production',
    'livraison rollback acme/shop production --to 117 --reason "prices are wrong since #121"',
  )
}

function earlier(text: string | undefined): number | undefined {
  const number = numberOf(text)
  if (text === undefined || number !== undefined) return number
  throw new Stop(exitStatus.askedWrongly, `--to takes the number of a deployment, not "${text}".`)
}
