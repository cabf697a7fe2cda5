import { z } from 'zod'
import { type Environment, processEnvironment, readDotEnv, withoutEmpty } from './environment.ts'
import { githubVariables, readGitHub } from './github.ts'
import { parse } from './parse.ts'
import { shared } from './shared.ts'
import { listOf } from './values.ts'

const setupSchema = z.object({
  PORT: shared.PORT,
  PUBLIC_URL: shared.PUBLIC_URL,
  ...githubVariables,
  TUNNEL_URL: shared.TUNNEL_URL,
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
    tunnelUrl: read.TUNNEL_URL,
    ...readGitHub(read),
    githubToken: read.GITHUB_TOKEN,
    hasApp: read.GITHUB_APP_ID !== undefined,
    webhookSecrets: listOf(read.GITHUB_WEBHOOK_SECRET ?? ''),
    hasOAuth: read.GITHUB_OAUTH_CLIENT_ID !== undefined,
  }
}
