import type { Command } from 'commander'
import type { DeploymentPage, ShownDeployment } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { type PlaceOptions, splitWords } from '../place.ts'
import { commitWords, styleOfState } from '../states.ts'
import { type Column, printTable } from '../table.ts'
import { printJson } from '../terminal.ts'
import { ago } from '../times.ts'

type Options = PlaceOptions & { state?: string; limit: string; json?: boolean }

/** `livraison deployments`: the newest deployments. */
export function deploymentsCommand(program: Command): void {
  const command = program
    .command('deployments')
    .description('list the newest deployments')
    .argument('[repository]', 'as in acme/shop; else of all')
    .argument('[environment]', 'as in production; else of all')
    .option('--state <state>', 'only those in this state: success, failure, queued, ...')
    .option('--limit <number>', 'how many', '20')
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const client = await connect()
      const { repository, rest } = await splitWords(client, [first, second], options)
      const query = { repository, environment: rest[0], state: options.state, limit: options.limit }
      const page = await client.ask<DeploymentPage>('/deployments', { query })
      if (options.json) printJson(page)
      else printTable(columns, page.deployments, 'There are none.')
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison deployments',
    'livraison deployments acme/shop production --state failure --limit 5',
  )
}

const columns: Column<ShownDeployment>[] = [
  { title: 'number', of: ({ id }) => `#${id}` },
  { title: 'repository', of: ({ repository }) => repository },
  { title: 'environment', of: ({ environment }) => environment },
  { title: 'state', of: ({ state }) => state, style: ({ state }) => styleOfState(state) },
  { title: 'commit', of: commitWords },
  { title: 'by', of: ({ deployUser, creator }) => deployUser ?? creator },
  { title: 'created', of: ({ createdAt }) => ago(createdAt) },
  { title: 'description', of: ({ description }) => description, style: () => 'dim' },
]
