import type { Command } from 'commander'
import { newest } from '../../deployments/choose.ts'
import { showInBrowser } from '../browser.ts'
import { type Client, connect, pathOf, repositoryPath } from '../client.ts'
import { withExamples, withRepository } from '../options.ts'
import { type PlaceOptions, splitWords, type Words } from '../place.ts'
import { isTerminal, print } from '../terminal.ts'
import { deploymentPath, numberOf, whichDeployment } from '../which.ts'

/** `livraison open`: a page of the dashboard. */
export function openCommand(program: Command): void {
  const command = program
    .command('open')
    .description('open a page of the dashboard; its address is printed, too')
    .argument('[which]', "a repository, a deployment's number, or nothing for the overview")
    .argument('[environment]', 'of a repository: why something is, or is not, being deployed there')
    .action(async (first: string | undefined, second: string | undefined, options: PlaceOptions) => {
      const client = await connect()
      const address = `${client.url}${await pagePath(client, [first, second], options)}`
      print(address)
      if (isTerminal()) showInBrowser(address)
    })
  withExamples(withRepository(command), 'livraison open', 'livraison open acme/shop', 'livraison open 123')
}

async function pagePath(client: Client, [first, second]: Words, options: PlaceOptions): Promise<string> {
  if (numberOf(first) !== undefined) {
    return deploymentPath(await whichDeployment(client, [first], options, newest))
  }
  if (first === undefined && options.repository === undefined) return '/'
  const { repository, rest } = await splitWords(client, [first, second], options)
  const [environment] = rest
  if (repository === undefined) return '/'
  if (environment === undefined) return repositoryPath('/repositories', repository)
  return `${repositoryPath('/why', repository)}${pathOf(environment)}`
}
