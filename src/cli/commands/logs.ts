import type { Command } from 'commander'
import { newest } from '../../deployments/choose.ts'
import { type Client, connect } from '../client.ts'
import { exitStatus, Stop } from '../exit-status.ts'
import { followLog } from '../follow-log.ts'
import { withExamples, withRepository } from '../options.ts'
import type { PlaceOptions } from '../place.ts'
import { note, print, printJsonLine } from '../terminal.ts'
import { deploymentPath, whichDeployment } from '../which.ts'

type Options = PlaceOptions & { follow?: boolean; json?: boolean }

/** `livraison logs`: what a deployment wrote, or writes. */
export function logsCommand(program: Command): void {
  const command = program
    .command('logs')
    .description("show a deployment's log")
    .argument('[deployment]', 'its number, or its repository')
    .argument('[environment]', 'the environment whose newest deployment is meant')
    .option('-f, --follow', 'go on until the deployment ends; the exit status is 1 unless it succeeds')
    .action(async (first: string | undefined, environment: string | undefined, options: Options) => {
      const client = await connect()
      const deployment = await whichDeployment(client, [first, environment], options, newest)
      const path = deploymentPath(deployment, 'log')
      if (options.follow) await follow(client, path, deployment.id, options)
      else await show(client, path, options)
    })
  withRepository(command).option('--json', 'a JSON document a line')
  withExamples(command, 'livraison logs 123', 'livraison logs acme/shop production --follow')
}

async function follow(client: Client, path: string, id: number, options: Options): Promise<void> {
  const leaving = new AbortController()
  process.once('SIGINT', () => leaving.abort())
  const lines = followLog(client, path, leaving.signal)
  for (;;) {
    const { done, value } = await lines.next()
    if (!done) {
      write(value, options)
      continue
    }
    if (value === undefined) throw new Stop(exitStatus.interrupted, `#${id} goes on without you.`)
    if (value !== 'success') throw new Stop(exitStatus.refused, `#${id} ended: ${value}.`)
    return note(`#${id} ended: ${value}.`)
  }
}

async function show(client: Client, path: string, options: Options): Promise<void> {
  const answer = await client.open(path, { headers: { accept: 'text/plain' } })
  const lines = (await answer.text()).split('\n')
  // The last line has an end, too.
  for (const text of lines.slice(0, -1)) write({ text }, options)
}

function write(line: { id?: string; text: string }, { json }: Options): void {
  if (json) printJsonLine(line)
  else print(line.text)
}
