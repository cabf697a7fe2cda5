import type { Command } from 'commander'
import type { Explanation } from '../answers.ts'
import { connect, pathOf, repositoryPath } from '../client.ts'
import { chooseEnvironment } from '../environments.ts'
import { withExamples, withJson, withRepository } from '../options.ts'
import { type PlaceOptions, splitOf } from '../place.ts'
import { paint, print, printJson } from '../terminal.ts'

type Options = PlaceOptions & { json?: boolean }

/** `livraison why`: why something is, or is not, being deployed. */
export function whyCommand(program: Command): void {
  const command = program
    .command('why')
    .description('say why something is, or is not, being deployed')
    .argument('[repository]', 'as in acme/shop')
    .argument('[environment]', 'as in production; the only one, if there is one only')
    .action(async (first: string | undefined, second: string | undefined, options: Options) => {
      const client = await connect()
      const { repository, rest } = await splitOf(client, [first, second], options)
      const environment = await chooseEnvironment(client, repository, rest[0])
      const path = `${repositoryPath('/why', repository)}${pathOf(environment)}`
      const explanation = await client.ask<Explanation>(path)
      if (options.json) printJson(explanation)
      else tell(explanation)
    })
  withExamples(
    withJson(withRepository(command)),
    'livraison why acme/shop production',
    'livraison why staging              # in a checkout',
  )
}

function tell(explanation: Explanation): void {
  print(explanation.summary)
  section('Runs', explanation.running ? [explanation.running] : [])
  section('Waits', explanation.waiting)
  section('Is held back', explanation.held)
  section('Is on the way', explanation.jobs)
  section('Is not at GitHub yet', explanation.unsent)
  section('Was stopped by its checks', explanation.stoppedByCi)
  section('Was left out', explanation.skipped)
  section('Waits to be merged', explanation.merges)
  section('Was not merged', explanation.mergesGivenUp)
  section('Was refused', explanation.refused)
  section('Ended', explanation.finished)
  if (explanation.github !== null) section('GitHub', [{ text: explanation.github }])
}

function section(title: string, entries: readonly { text: string }[]): void {
  if (entries.length === 0) return
  print(`\n${paint('bold', title)}`)
  for (const { text } of entries) print(`  ${text}`)
}
