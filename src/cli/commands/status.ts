import type { Command } from 'commander'
import type { OverviewAnswer, ShownLane } from '../answers.ts'
import { connect } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { type PlaceOptions, splitWords } from '../place.ts'
import { commitWords } from '../states.ts'
import { type Column, printTable } from '../table.ts'
import { printJson, type Style } from '../terminal.ts'
import { ago } from '../times.ts'

type Options = PlaceOptions & { json?: boolean }

/** `livraison status`: what is deployed where. */
export function statusCommand(program: Command): void {
  const command = program
    .command('status')
    .description('show what is deployed where, and what runs or waits')
    .argument('[repository]', 'as in acme/shop; else all')
    .argument('[environment]', 'as in production; else all')
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const client = await connect()
      const { repository, rest } = await splitWords(client, [first, second], options)
      const answer = await client.ask<OverviewAnswer>('/overview', { query: { repository } })
      if (repository !== undefined && answer.environments.length === 0) throw unknown(repository)
      const lanes = ofEnvironment(answer.environments, rest[0], repository)
      if (options.json) printJson({ environments: lanes })
      else printTable(columns, lanes, 'Nothing is deployed anywhere yet.')
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison status',
    'livraison status acme/shop',
    'livraison status acme/shop production --json',
  )
}

function unknown(repository: string): Stop {
  const words = `Livraison knows nothing of ${repository}: livraison.yml does not name it, or nothing has come from it yet.`
  return new Stop(exitStatus.askedWrongly, words)
}

function ofEnvironment(lanes: ShownLane[], environment: string | undefined, repository = 'any repository') {
  if (environment === undefined) return lanes
  const found = lanes.filter((lane) => lane.environment.toLowerCase() === environment.toLowerCase())
  if (found.length > 0) return found
  const known = [...new Set(lanes.map((lane) => lane.environment))]
  const hint = known.length === 0 ? '' : ` There are ${known.join(', ')}.`
  throw new Stop(
    exitStatus.askedWrongly,
    `Livraison knows no environment ${environment} of ${repository}.${hint}`,
  )
}

const columns: Column<ShownLane>[] = [
  { title: 'repository', of: ({ repository }) => repository },
  { title: 'environment', of: ({ environment }) => environment },
  { title: 'health', of: ({ health }) => health, style: ({ health }) => healthStyles[health] },
  { title: 'deployed', of: ({ current }) => (current ? commitWords(current) : '-') },
  { title: 'by', of: ({ current }) => current?.deployUser ?? current?.creator ?? '-' },
  { title: 'since', of: ({ current }) => ago(current?.finishedAt) },
  { title: 'behind', of: ({ behind }) => (behind ? String(behind) : '-') },
  { title: 'now', of: nowWords, style: nowStyle },
]

const healthStyles: Record<ShownLane['health'], Style> = {
  verified: 'green',
  deployed: 'green',
  failing: 'red',
  nothing: 'dim',
}

function nowWords({ running, waiting, waitsFor, locks, freezes }: ShownLane): string {
  const [first] = waiting
  return [
    ...(running ? [`#${running.id} runs`] : []),
    ...(first ? [`#${first.id} waits${waitsFor ? `: ${waitsFor}` : ''}`] : []),
    ...(waiting.length > 1 ? [`${waiting.length - 1} more wait`] : []),
    ...locks.map(({ owner, reason }) => `locked by ${owner}: ${reason}`),
    ...freezes.map(({ by, reason }) => `frozen by ${by}: ${reason}`),
  ].join('; ')
}

function nowStyle({ running, waiting, locks, freezes }: ShownLane): Style | undefined {
  if (running) return 'cyan'
  return waiting.length + locks.length + freezes.length > 0 ? 'yellow' : undefined
}
