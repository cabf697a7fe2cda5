import { ConfigError } from './config/problem.ts'
import { SettingsError } from './settings/parse.ts'

/** What the process runs with, or its end, with everything that is wrong with that on standard error. */
export function usableOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof ConfigError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
