import { ConfigError } from '../../config/problem.ts'
import { readConfig } from '../../config/read-config.ts'
import type { Environment } from '../../settings/environment.ts'
import { readConfigFile, SettingsError } from '../../settings/parse.ts'
import type { Finding } from './finding.ts'

/** Whether the configuration file can be used. */
export function examineConfiguration(env: Environment): Finding {
  const of = 'configuration'
  try {
    const file = readConfigFile(env)
    if (file === undefined) {
      const todo = 'Write a livraison.yml, so that only what it names is deployed.'
      return { level: 'warn', of, text: 'no file: merges of every repository are deployed, simulated', todo }
    }
    const { repositories } = readConfig(file, env)
    return { level: 'ok', of, text: `${file} names ${counted(repositories.length)}` }
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SettingsError)) throw error
    return { level: 'fail', of, text: error.message, todo: 'Mend that; livraison check tells the same.' }
  }
}

function counted(count: number): string {
  return count === 1 ? '1 repository' : `${count} repositories`
}
