import { SettingsError } from './settings.ts'

/** The settings, or the end of the process with everything that is wrong with them on standard error. */
export function settingsOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}
