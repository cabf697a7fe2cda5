import type { Command } from 'commander'
import type { Arrival, DeliveryPage } from '../answers.ts'
import { type Client, connect, pathOf } from '../client.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { type PlaceOptions, splitWords } from '../place.ts'
import { type Column, printTable } from '../table.ts'
import { printJson, type Style } from '../terminal.ts'
import { ago } from '../times.ts'

type Options = PlaceOptions & { event?: string; outcome?: string; limit: string; json?: boolean }

/** `livraison deliveries`: what GitHub sent, and what became of it. */
export function deliveriesCommand(program: Command): void {
  const command = program
    .command('deliveries')
    .description('list what GitHub sent, and what became of it')
    .argument('[which]', 'a repository as in acme/shop, or the GUID of one delivery')
    .option('--event <name>', 'only this event: pull_request, deployment, ...')
    .option('--outcome <outcome>', 'only this outcome: queued, ignored, duplicate, ...')
    .option('--limit <number>', 'how many', '20')
    .action(async (which: string | undefined, options: Options) => {
      const client = await connect()
      if (which !== undefined && /^[\da-f-]{20,}$/i.test(which)) return one(client, which, options)
      const { repository } = await splitWords(client, [which], options)
      const query = { repository, event: options.event, outcome: options.outcome, limit: options.limit }
      const page = await client.ask<DeliveryPage>('/deliveries', { query })
      if (options.json) printJson(page)
      else printTable(columns, page.deliveries, 'There are none.')
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison deliveries acme/shop --outcome ignored',
    'livraison deliveries 72d3162e-cc78-11e3-81ab-4c9367dc0958',
  )
}

async function one(client: Client, guid: string, { json }: Options): Promise<void> {
  const answer = await client.ask<{ arrivals: Arrival[] }>(`/deliveries${pathOf(guid)}`)
  if (json) printJson(answer)
  else printTable(columns, answer.arrivals, 'There are none.')
}

const columns: Column<Arrival>[] = [
  { title: 'delivery', of: ({ delivery }) => delivery },
  { title: 'event', of: ({ event, action }) => (action === null ? event : `${event} ${action}`) },
  { title: 'repository', of: ({ repository }) => repository ?? '-' },
  { title: 'outcome', of: ({ outcome }) => outcome, style: ({ outcome }) => styleOf(outcome) },
  { title: 'received', of: ({ receivedAt }) => ago(receivedAt) },
  {
    title: 'what became of it',
    of: ({ reason, jobs }) => reason ?? jobs.map(({ id }) => id).join(', '),
    style: () => 'dim',
  },
]

function styleOf(outcome: string): Style | undefined {
  if (outcome === 'queued') return 'green'
  return outcome === 'ignored' || outcome === 'duplicate' || outcome === 'pong' ? 'dim' : 'red'
}
