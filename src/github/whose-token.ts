import { Agent, fetch } from 'undici'
import { z } from 'zod'
import { version } from '../version.ts'
import { trusting } from './trust.ts'

const userSchema = z.object({ login: z.string().min(1) })
const limitMs = 10_000

/**
 * The login of the person whose token this is. It is asked beside the client: what GitHub says to it concerns nobody else, and
 * nobody else waits for it.
 *
 * @param ca the certificates (PEM) of authorities that are trusted beside the usual ones
 *
 * @see https://docs.github.com/en/rest/users/users#get-the-authenticated-user
 */
export async function loginOfToken(apiUrl: string, token: string, ca?: string): Promise<string> {
  const dispatcher = ca === undefined ? {} : { dispatcher: new Agent({ connect: trusting(ca) }) }
  const response = await fetch(`${apiUrl}/user`, {
    ...dispatcher,
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${token}`,
      'user-agent': `livraison/${version}`,
      'x-github-api-version': '2022-11-28',
    },
    signal: AbortSignal.timeout(limitMs),
  })
  if (!response.ok) {
    await response.body?.cancel()
    throw new Error(`GitHub answered ${response.status} to GET /user.`)
  }
  return userSchema.parse(await response.json()).login
}
