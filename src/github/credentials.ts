import { createHash, createPrivateKey } from 'node:crypto'

/** What an App signs in with. */
export interface AppCredentials {
  id: number
  /** PEM: PKCS#1, as GitHub gives it, or PKCS#8. */
  privateKey: string
}

/** With what a process signs in at GitHub; the App counts if there are both. */
export interface Credentials {
  githubToken?: string | undefined
  githubApp?: AppCredentials | undefined
}

/** What no log may show. What an App makes of its key, its tokens, stays in the process. */
export function secretsOf({ githubToken, githubApp }: Credentials): string[] {
  return [githubToken, githubApp?.privateKey].filter((secret) => secret !== undefined)
}

/**
 * A secret that all processes with the same credentials have and nobody else does, whatever the key's form: other secrets are made
 * from it. With a token it is the token itself.
 */
export function commonSecret({ githubApp, githubToken }: Credentials): string {
  if (githubApp === undefined) return githubToken ?? ''
  const key = createPrivateKey(githubApp.privateKey).export({ type: 'pkcs8', format: 'der' })
  return createHash('sha256').update('livraison: a secret of all workers\0').update(key).digest('base64url')
}
