import { parseArgs } from 'node:util'
import { explainConfig } from '../config/explain.ts'
import { ConfigError } from '../config/problem.ts'
import { readConfig } from '../config/read-config.ts'
import { messageOf } from '../errors.ts'
import { processEnvironment, readConfigFile, SettingsError } from '../settings.ts'

/**
 * `livraison check [file]`: what a configuration file means, in words on standard output.
 * Gives the exit status: 1 with all that is wrong with the file on standard error, 2 if it was asked wrongly.
 */
export function check(args: string[]): number {
  let named: string | undefined
  try {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} })
    if (positionals.length > 1) throw new Error('Name one file: livraison check [FILE]')
    named = positionals[0]
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n`)
    return 2
  }
  try {
    process.stdout.write(`${explain(named ?? readConfigFile(processEnvironment())).join('\n')}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SettingsError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

function explain(file: string | undefined): string[] {
  if (file === undefined) {
    return [
      'There is no livraison.yml: a pull request merged into the default branch of any repository whose webhook has our secret is deployed to production by the simulate executor, and so is every deployment that somebody creates, to whatever environment.',
    ]
  }
  return [...explainConfig(readConfig(file, processEnvironment())), '', `${file} can be used.`]
}
