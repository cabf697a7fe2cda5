import { createHash, createPrivateKey } from 'node:crypto'
import type { Credentials } from '../auth.ts'

/** What an App signs in with. */
export interface AppCredentials {
  id: number
  /** PEM: PKCS#1, as GitHub gives it, or PKCS#8. */
  privateKey: string
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
