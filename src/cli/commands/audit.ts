import type { Command } from 'commander'
import type { AuditPage, Entry } from '../answers.ts'
import { type Client, connect, type Query } from '../client.ts'
import { withExamples, withJson } from '../options.ts'
import { type Column, printTable } from '../table.ts'
import { printJson } from '../terminal.ts'
import { ago } from '../times.ts'

interface Options {
  repository?: string
  actor?: string
  action?: string
  limit: string
  export?: boolean
  json?: boolean
}

/** `livraison audit`: who did what, when, and through what. */
export function auditCommand(program: Command): void {
  const command = program
    .command('audit')
    .description('show who did what, when, and through what')
    .option('-R, --repository <owner/name>', 'only of this repository')
    .option('--actor <name>', 'only what this person or token did')
    .option('--action <name>', 'only this: deploy, cancel, lock, ...')
    .option('--limit <number>', 'how many', '20')
    .option('--export', 'all of it, a JSON document a line')
    .action(async ({ limit, export: isExport, json, ...filter }: Options) => {
      const client = await connect()
      if (isExport) return exportAll(client, { ...filter })
      const answer = await client.ask<AuditPage>('/audit', { query: { ...filter, limit } })
      if (json) printJson(answer)
      else printTable(columns, answer.entries, 'There is nothing.')
    })
  withExamples(
    withJson(command),
    'livraison audit --repository acme/shop --action lock',
    'livraison audit --export > audit.ndjson',
  )
}

async function exportAll(client: Client, query: Query): Promise<void> {
  const answer = await client.open('/audit', { query, headers: { accept: 'application/x-ndjson' } })
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) process.stdout.write(decoder.decode(chunk, { stream: true }))
}

const columns: Column<Entry>[] = [
  { title: 'when', of: ({ at }) => ago(at) },
  { title: 'who', of: ({ actor }) => actor.name },
  { title: 'through', of: ({ actor }) => actor.face },
  { title: 'action', of: ({ action }) => action },
  {
    title: 'outcome',
    of: ({ outcome }) => outcome,
    style: ({ outcome }) => (outcome === 'done' ? 'green' : 'red'),
  },
  { title: 'what', of: ({ text }) => text },
]
