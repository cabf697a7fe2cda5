import { z } from 'zod'
import { SettingsError } from './parse.ts'

/** The variables of the OAuth app that people sign in with. */
export const oauthVariables = {
  GITHUB_OAUTH_CLIENT_ID: z.string().trim().optional(),
  GITHUB_OAUTH_CLIENT_SECRET: z.string().trim().optional(),
}

type OAuthVariables = z.output<z.ZodObject<typeof oauthVariables>>

/** The OAuth app that people sign in with; throws {@link SettingsError} where half of it is set. */
export function readOAuth(read: OAuthVariables): { id: string; secret: string } | undefined {
  const { GITHUB_OAUTH_CLIENT_ID: id, GITHUB_OAUTH_CLIENT_SECRET: secret } = read
  if (id !== undefined && secret !== undefined) return { id, secret }
  if (id === undefined && secret === undefined) return undefined
  const [set, unset] = id === undefined ? ['SECRET', 'ID'] : ['ID', 'SECRET']
  throw new SettingsError(
    `These settings are missing or unusable:\n  GITHUB_OAUTH_CLIENT_${unset} is not set, but GITHUB_OAUTH_CLIENT_${set} is: set both or neither`,
  )
}
