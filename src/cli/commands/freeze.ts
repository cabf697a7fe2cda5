import type { Command } from 'commander'
import { tell } from '../act.ts'
import type { Done } from '../answers.ts'
import { connect } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { readPlace, type ScopeOptions } from '../scope.ts'
import { durationOf, timeOf } from '../times.ts'

type Options = ScopeOptions & { from?: string; until?: string; for?: string; json?: boolean }

/** `livraison freeze`: a time in which nothing begins to be deployed. */
export function freezeCommand(program: Command): void {
  const command = program
    .command('freeze')
    .description('have nothing begin to be deployed for a time')
    .usage('[options] [repository] [environment] <reason>')
    .argument('[repository]', 'as in acme/shop')
    .argument('[environment]', 'as in production; else all of the repository')
    .argument('[reason]', 'why; it is shown to everybody who waits')
    .option('--everything', 'freeze all repositories')
    .option('--from <time>', 'when it begins; else now')
    .option('--until <time>', 'when it ends: "2026-12-27 08:00" on this clock, or with a zone')
    .option('--for <duration>', 'or how long it lasts: 90m, 2h, 7d')
    .action(async (...given: [string?, string?, string?, Options?]) => {
      const [first, second, third, options = {}] = given
      const times = timesOf(options, Date.now())
      const client = await connect()
      const { place, reason } = await readPlace(client, [first, second, third], options, true)
      if (reason === undefined)
        throw new Stop(exitStatus.askedWrongly, 'Say why, in quotes, as the last word.')
      const body = { ...place, ...times, reason }
      tell(await client.ask<Done>('/freezes', { method: 'POST', body }), options)
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison freeze --everything "winter holidays" --from "2026-12-23 17:00" --until "2026-12-27 08:00"',
    'livraison freeze acme/shop production "the fair" --for 2d',
  )
}

/** When it begins and ends, as the API takes it. Pure. */
function timesOf(options: Options, nowMs: number): { from: string | undefined; until: string } {
  const from = options.from === undefined ? undefined : timeOf(options.from, '--from')
  if ((options.until === undefined) === (options.for === undefined)) {
    throw new Stop(exitStatus.askedWrongly, 'Say when it ends: with --until or with --for.')
  }
  if (options.until !== undefined) return { from, until: timeOf(options.until, '--until') }
  const beginsMs = from === undefined ? nowMs : new Date(from).getTime()
  return { from, until: new Date(beginsMs + durationOf(options.for ?? '', '--for')).toISOString() }
}
