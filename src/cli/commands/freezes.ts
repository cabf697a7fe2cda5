import type { Command } from 'commander'
import type { FreezesAnswer, ShownFreeze } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson } from '../options.ts'
import { placeWords } from '../scope.ts'
import { type Column, printTable } from '../table.ts'
import { printJson } from '../terminal.ts'
import { ahead } from '../times.ts'

/** `livraison freezes`: those that people declared and that are not over. */
export function freezesCommand(program: Command): void {
  const command = program
    .command('freezes')
    .description('list the freezes that are not over, but for those of the configuration file')
    .action(async (options: { json?: boolean }) => {
      const client = await connect()
      const answer = await client.ask<FreezesAnswer>('/freezes')
      if (options.json) printJson(answer)
      else printTable(columns, answer.freezes, 'Nothing is frozen.')
    })
  withExamples(withJson(command), 'livraison freezes')
}

const columns: Column<ShownFreeze>[] = [
  { title: 'id', of: ({ id }) => id },
  { title: 'of', of: placeWords },
  { title: 'begins', of: ({ from }) => ahead(from) },
  { title: 'ends', of: ({ until }) => ahead(until) },
  { title: 'by', of: ({ by }) => by },
  { title: 'reason', of: ({ reason }) => reason },
]
