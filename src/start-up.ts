import { ConfigError } from './config/problem.ts'
import { type Environment, processEnvironment, readDotEnv } from './settings/environment.ts'
import { SettingsError } from './settings/parse.ts'

/** What the process runs with, or its end, with everything that is wrong with that on standard error. */
export function usableOrExit<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof ConfigError)) throw error
    const names = error instanceof SettingsError ? error.names : []
    process.stderr.write(`${error.message}\n${unreadHint(names, processEnvironment(), readDotEnv())}`)
    process.exit(1)
  }
}

/** That the file .env has what is missing, since a single process does not read it; '' if it has not. Pure. */
export function unreadHint(names: readonly string[], set: Environment, dotEnv: Environment): string {
  const isSet = (value: string | undefined) => value !== undefined && value.trim() !== ''
  const unread = [...new Set(names)].filter((name) => !isSet(set[name]) && isSet(dotEnv[name]))
  if (unread.length === 0) return ''
  return `.env has ${unread.join(', ')}, but a single server or worker does not read it: start it with node --env-file=.env\n`
}
