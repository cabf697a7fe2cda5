import { z } from 'zod'
import { type Environment, processEnvironment, readDotEnv, withoutEmpty } from './environment.ts'
import { readGitHub } from './github.ts'
import { parse, SettingsError } from './parse.ts'
import { shared } from './shared.ts'
import { webUrl } from './values.ts'

const clientSchema = z.object({
  PORT: shared.PORT,
  PUBLIC_URL: shared.PUBLIC_URL,
  GITHUB_SERVER_URL: shared.GITHUB_SERVER_URL,
  GITHUB_API_URL: shared.GITHUB_API_URL,
  LIVRAISON_URL: webUrl.optional(),
  LIVRAISON_TOKEN: z.string().trim().optional(),
  ADMIN_TOKEN: z.string().trim().optional(),
})

/** What the command line runs with. */
export type ClientSettings = ReturnType<typeof readClientSettings>

/**
 * Reads the command line's settings, those that are not in the environment from .env; throws {@link SettingsError}.
 * A token of the environment is not sent to an address that a file names: the file may be of a stranger's checkout.
 */
export function readClientSettings(
  env: Environment = processEnvironment(),
  file: Environment = readDotEnv(),
) {
  const read = parse(clientSchema, { ...file, ...withoutEmpty(env) })
  const addressOf = (from: Environment) => from.LIVRAISON_URL ?? from.PUBLIC_URL
  const tokenOf = (from: Environment) => from.LIVRAISON_TOKEN ?? from.ADMIN_TOKEN
  if (
    tokenOf(withoutEmpty(env)) !== undefined &&
    addressOf(withoutEmpty(env)) === undefined &&
    addressOf(file)
  ) {
    throw new SettingsError(
      'The token comes from the environment and the address from .env: set LIVRAISON_URL in the environment, too.',
    )
  }
  return {
    url: read.LIVRAISON_URL ?? read.PUBLIC_URL ?? `http://localhost:${read.PORT}`,
    token: read.LIVRAISON_TOKEN ?? read.ADMIN_TOKEN,
    githubServerUrl: readGitHub(read).githubServerUrl,
  }
}
