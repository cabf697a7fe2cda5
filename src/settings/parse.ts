import { existsSync } from 'node:fs'
import { z } from 'zod'
import { type Environment, processEnvironment, withoutEmpty } from './environment.ts'
import { shared } from './shared.ts'

/** The settings are unusable; the message names every problem, one a line. */
export class SettingsError extends Error {
  override name = 'SettingsError'

  /** The variables that are missing or unusable, where the message is of single ones. */
  readonly names: readonly string[]

  constructor(message: string, names: readonly string[] = []) {
    super(message)
    this.names = names
  }
}

/** What the variables say, by a schema; throws {@link SettingsError} that names all problems. */
export function parse<T extends z.ZodObject>(schema: T, env: Environment): z.output<T> {
  const set = withoutEmpty(env)
  if (set.CONFIG_FILE === undefined && existsSync('livraison.yml')) set.CONFIG_FILE = 'livraison.yml'
  const result = schema.safeParse(set)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
  const names = result.error.issues.map(({ path }) => String(path[0]))
  throw new SettingsError(`These settings are missing or unusable:\n${problems.join('\n')}`, names)
}

/** The configuration file that is set, else livraison.yml if it exists; throws {@link SettingsError}. */
export function readConfigFile(env: Environment = processEnvironment()): string | undefined {
  return parse(z.object({ CONFIG_FILE: shared.CONFIG_FILE }), env).CONFIG_FILE
}
