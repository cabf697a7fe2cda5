import { Argument, type Command, Option } from 'commander'
import { roles } from '../../access/role.ts'
import { tell } from '../act.ts'
import type { Done, MadeToken, ShownToken, TokensAnswer } from '../answers.ts'
import { connect, pathOf } from '../client.ts'
import { withExamples, withJson } from '../options.ts'
import { type Column, printTable } from '../table.ts'
import { note, print, printJson } from '../terminal.ts'
import { ago, ahead, durationOf } from '../times.ts'

interface Options {
  role: string
  repository?: string[]
  for?: string
  json?: boolean
}

/** `livraison token`: tokens for machines and people without a browser. */
export function tokenCommand(program: Command): void {
  const token = program.command('token').description('make, list and revoke API tokens')
  create(token)
  list(token)
  revoke(token)
  withExamples(
    token,
    'livraison token create ci --role deployer --repository acme/shop --for 90d',
    'livraison token list',
  )
}

function create(token: Command): void {
  const command = token
    .command('create')
    .description('make a token; it is shown once')
    .argument('<name>', 'what it is for: it is shown as who did something')
    .addOption(new Option('--role <role>', 'what it may do').choices(roles).default('viewer'))
    .option('-R, --repository <owner/name...>', 'only in these repositories')
    .option('--for <duration>', 'it ends after this time: 24h, 90d')
    .action(async (name: string, { role, repository, for: duration, json }: Options) => {
      if (duration !== undefined) durationOf(duration, '--for')
      const client = await connect()
      const body = { name, role, repositories: repository, expires: duration }
      const made = await client.ask<MadeToken>('/tokens', { method: 'POST', body })
      if (json) return printJson(made)
      note(`${made.text} Put it into LIVRAISON_TOKEN.`)
      print(made.secret)
    })
  withExamples(
    withJson(command),
    'livraison token create ci --role deployer --repository acme/shop --for 90d',
  )
}

function list(token: Command): void {
  const command = token
    .command('list')
    .description('list the tokens that can be used')
    .action(async (options: { json?: boolean }) => {
      const client = await connect()
      const answer = await client.ask<TokensAnswer>('/tokens')
      if (options.json) printJson(answer)
      else printTable(columns, answer.tokens, 'There are none.')
    })
  withExamples(withJson(command), 'livraison token list')
}

function revoke(token: Command): void {
  const command = token
    .command('revoke')
    .description('end a token at once')
    .addArgument(new Argument('<id>', 'its id: livraison token list has it'))
    .action(async (id: string, options: { json?: boolean }) => {
      const client = await connect()
      tell(await client.ask<Done>(`/tokens${pathOf(id)}`, { method: 'DELETE' }), options)
    })
  withExamples(withJson(command), 'livraison token revoke 3f9a1c')
}

const columns: Column<ShownToken>[] = [
  { title: 'id', of: ({ id }) => id },
  { title: 'name', of: ({ name }) => name },
  { title: 'role', of: ({ role }) => role },
  { title: 'repositories', of: ({ repositories }) => repositories.join(', ') || 'all' },
  { title: 'made', of: ({ createdAt }) => ago(createdAt) },
  { title: 'ends', of: ({ expiresAt }) => ahead(expiresAt) },
  { title: 'last used', of: ({ lastUsedAt }) => ago(lastUsedAt) },
]
