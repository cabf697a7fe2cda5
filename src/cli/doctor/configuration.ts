import { ConfigError } from '../../config/problem.ts'
import { readConfig } from '../../config/read-config.ts'
import type { Rules } from '../../config/rules.ts'
import { rulesWithoutFile } from '../../config/without-file.ts'
import type { Environment } from '../../settings/environment.ts'
import { readConfigFile, SettingsError } from '../../settings/parse.ts'
import type { Finding } from './finding.ts'

/** Whether the configuration file can be used, and what it says. */
export function examineConfiguration(env: Environment): { finding: Finding; rules?: Rules } {
  const of = 'configuration'
  try {
    const file = readConfigFile(env)
    if (file === undefined) {
      const todo = 'Write a livraison.yml, so that only what it names is deployed.'
      const text = 'no file: merges of every repository are deployed, simulated'
      return { finding: { level: 'warn', of, text, todo }, rules: rulesWithoutFile(0) }
    }
    const rules = readConfig(file, env)
    const text = `${file} names ${counted(rules.repositories.length)}`
    return { finding: { level: 'ok', of, text }, rules }
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof SettingsError)) throw error
    const todo = 'Mend that; livraison check tells the same.'
    return { finding: { level: 'fail', of, text: error.message, todo } }
  }
}

function counted(count: number): string {
  return count === 1 ? '1 repository' : `${count} repositories`
}
