import { z } from 'zod'
import { type Environment, processEnvironment, readDotEnv, withoutEmpty } from './environment.ts'
import { parse } from './parse.ts'
import { shared } from './shared.ts'
import { listOf, webUrl } from './values.ts'

const setupSchema = z.object({
  PORT: shared.PORT,
  PUBLIC_URL: shared.PUBLIC_URL,
  GITHUB_SERVER_URL: shared.GITHUB_SERVER_URL,
  GITHUB_API_URL: webUrl.default('https://api.github.com'),
  GITHUB_TOKEN: z.string().trim().optional(),
  GITHUB_APP_ID: z.string().optional(),
  GITHUB_WEBHOOK_SECRET: z.string().optional(),
  GITHUB_OAUTH_CLIENT_ID: z.string().optional(),
})

/** What is there before Livraison is set up. */
export type SetupSettings = ReturnType<typeof readSetupSettings>

/** Reads what `livraison setup` needs, what is not in the environment from .env; throws {@link SettingsError}. */
export function readSetupSettings(env: Environment = processEnvironment(), file: Environment = readDotEnv()) {
  const read = parse(setupSchema, { ...file, ...withoutEmpty(env) })
  return {
    port: read.PORT,
    publicUrl: read.PUBLIC_URL,
    githubServerUrl: read.GITHUB_SERVER_URL,
    githubApiUrl: read.GITHUB_API_URL,
    githubToken: read.GITHUB_TOKEN,
    hasApp: read.GITHUB_APP_ID !== undefined,
    webhookSecrets: listOf(read.GITHUB_WEBHOOK_SECRET ?? ''),
    hasOAuth: read.GITHUB_OAUTH_CLIENT_ID !== undefined,
  }
}
