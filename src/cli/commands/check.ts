import type { Command } from 'commander'
import { exitStatus, Stop } from '../exit-status.ts'
import { withExamples } from '../options.ts'
import { print } from '../terminal.ts'

/** `livraison check`: what a configuration file means, in words, or all that is wrong with it. */
export function checkCommand(program: Command): void {
  const command = program
    .command('check')
    .description('say what a configuration file means, or everything that is wrong with it')
    .argument('[file]', 'else what CONFIG_FILE names, else livraison.yml')
    .action(async (file: string | undefined) => {
      for (const line of await explain(file)) print(line)
    })
  withExamples(command, 'livraison check', 'livraison check config/livraison.yml')
  command.addHelpText('after', '\n$' + '{NAME} in the file is taken from the environment and .env.')
}

async function explain(named: string | undefined): Promise<string[]> {
  const { loadDotEnv, processEnvironment } = await import('../../settings/environment.ts')
  const { readConfigFile, SettingsError } = await import('../../settings/parse.ts')
  const { explainConfig } = await import('../../config/explain.ts')
  const { readConfig } = await import('../../config/read-config.ts')
  const { ConfigError } = await import('../../config/problem.ts')
  loadDotEnv()
  try {
    const file = named ?? readConfigFile()
    if (file === undefined) return [withoutFile]
    return [...explainConfig(readConfig(file, processEnvironment())), '', `${file} can be used.`]
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SettingsError)) throw error
    throw new Stop(exitStatus.refused, error.message)
  }
}

const withoutFile =
  'There is no livraison.yml: a pull request merged into the default branch of any repository whose webhook has our secret is deployed to production by the simulate executor, and so is every deployment that somebody creates, to whatever environment.'
