import type { Command } from 'commander'
import type { LocksAnswer, ShownLock } from '../answers.ts'
import { connect } from '../client.ts'
import { withExamples, withJson } from '../options.ts'
import { placeWords } from '../scope.ts'
import { type Column, printTable } from '../table.ts'
import { printJson } from '../terminal.ts'
import { ago, ahead } from '../times.ts'

/** `livraison locks`: all locks. */
export function locksCommand(program: Command): void {
  const command = program
    .command('locks')
    .description('list all locks')
    .action(async (options: { json?: boolean }) => {
      const client = await connect()
      const answer = await client.ask<LocksAnswer>('/locks')
      if (options.json) printJson(answer)
      else printTable(columns, answer.locks, 'Nothing is locked.')
    })
  withExamples(withJson(command), 'livraison locks')
}

const columns: Column<ShownLock>[] = [
  { title: 'on', of: placeWords },
  { title: 'kind', of: ({ kind }) => kind, style: ({ kind }) => (kind === 'hard' ? 'red' : 'yellow') },
  { title: 'by', of: ({ owner, ownerMayDeploy }) => (ownerMayDeploy ? `${owner}, who may deploy` : owner) },
  { title: 'since', of: ({ since }) => ago(since) },
  { title: 'ends', of: ({ expiresAt }) => ahead(expiresAt) },
  { title: 'reason', of: ({ reason }) => reason },
]
