import type { Command } from 'commander'
import { tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { lockPath, readPlace, type ScopeOptions } from '../scope.ts'
import { durationOf } from '../times.ts'

type Options = ScopeOptions & { for?: string; soft?: boolean; ownerMayDeploy?: boolean; json?: boolean }

/** `livraison lock`: holds deployments back. */
export function lockCommand(program: Command): void {
  const command = program
    .command('lock')
    .description('hold back what would be deployed to an environment, a repository or anything')
    .usage('[options] [repository] [environment] <reason>')
    .argument('[repository]', 'as in acme/shop')
    .argument('[environment]', 'as in production; else all of the repository')
    .argument('[reason]', 'why; it is shown to everybody who waits')
    .option('--everything', 'lock all repositories')
    .option('--for <duration>', 'unlock by itself after this time: 90m, 2h, 7d')
    .option('--soft', 'let through what is forced with a reason')
    .option('--owner-may-deploy', 'let through what you ask for')
    .action(async (...given: [string?, string?, string?, Options?]) => {
      const [first, second, third, options = {}] = given
      if (options.for !== undefined) durationOf(options.for, '--for')
      const client = await connect()
      const { place, reason } = await readPlace(client, [first, second, third], options, true)
      if (reason === undefined)
        throw new Stop(exitStatus.askedWrongly, 'Say why, in quotes, as the last word.')
      const body = {
        reason,
        expires: options.for,
        kind: options.soft ? 'soft' : undefined,
        owner_may_deploy: options.ownerMayDeploy,
      }
      tell(await client.ask<Done>(lockPath(place), { method: 'PUT', body }), options)
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison lock acme/shop production "database migration" --for 2h',
    'livraison lock acme/shop "moving house" --soft --owner-may-deploy',
    'livraison lock --everything "the network is down"',
  )
}
