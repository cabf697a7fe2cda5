import type { Command } from 'commander'
import { labelWords } from '../../jobs/labels.ts'
import type { WorkersAnswer } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson } from '../options.ts'
import { type Column, printTable } from '../table.ts'
import { print, printJson } from '../terminal.ts'
import { ago } from '../times.ts'

/** `livraison workers`: which workers are running, and what nobody is running for. */
export function workersCommand(program: Command): void {
  const command = program
    .command('workers')
    .description('list the workers that are running, and what none of them may do')
    .action(async (options: { json?: boolean }) => {
      const client = await connect()
      const answer = await client.ask<WorkersAnswer>('/workers')
      if (options.json) return printJson(answer)
      printTable(columns, answer.workers, 'No worker is running.')
      for (const each of answer.unattended) print(unattendedWords(each))
    })
  withExamples(withJson(command), 'livraison workers')
}

const columns: Column<WorkersAnswer['workers'][number]>[] = [
  { title: 'worker', of: ({ name }) => name },
  { title: 'labels', of: ({ labels }) => labels.join(', ') },
  { title: 'at a time', of: ({ concurrency }) => String(concurrency) },
  { title: 'since', of: ({ startedAt }) => ago(startedAt) },
  { title: 'version', of: ({ version }) => version },
]

function unattendedWords({ what, labels, since }: WorkersAnswer['unattended'][number]): string {
  return `For ${what} that need ${labelWords(labels)}, no worker is running (noticed ${ago(since)}).`
}
