import type { Command } from 'commander'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples } from '../options.ts'

interface Options {
  organization?: string
  name?: string
  port: string
  webhookUrl?: string
  force?: boolean
  token?: string[]
}

/** `livraison setup`: the way in at GitHub, an App or, with a token, the webhooks of repositories. */
export function setupCommand(program: Command): void {
  const command = program
    .command('setup')
    .description('make the GitHub App that Livraison signs in with, or webhooks for a token')
    .option('--organization <name>', 'whose the App is to be; else yours')
    .option('--name <name>', 'what the App is to be called; GitHub lets you change it')
    .option('--port <number>', 'of the page on this machine; else a free one', '0')
    .option('--webhook-url <url>', 'where GitHub delivers to; else PUBLIC_URL/event_handler')
    .option('--force', 'put the App in the place of one that is there')
    .option('--token <owner/name...>', 'make webhooks on these repositories with GITHUB_TOKEN instead')
    .action(async ({ token, port, webhookUrl, force = false, organization, name }: Options) => {
      const { readSetupSettings } = await import('../../settings/setup.ts')
      const settings = readSetupSettings()
      if (token !== undefined) {
        const { makeHooks } = await import('../setup/make-hooks.ts')
        return makeHooks(settings, token)
      }
      if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
        throw new Stop(exitStatus.askedWrongly, '--port takes a number from 0 to 65535.')
      }
      if (webhookUrl !== undefined && !/^https?:\/\//.test(webhookUrl)) {
        throw new Stop(exitStatus.askedWrongly, '--webhook-url takes an address that begins with https://.')
      }
      const { makeApp } = await import('../setup/make-app.ts')
      await makeApp(settings, { organization, name, port: Number(port), webhookUrl, force })
    })
  withExamples(command, 'livraison setup --organization acme', 'livraison setup --token acme/shop acme/site')
}
