import { createHash, randomBytes } from 'node:crypto'
import { now } from '../clock.ts'
import type { User } from '../state.ts'

/** What an app asked for when it sent somebody here. */
export interface Authorization {
  user: User
  redirectUri: string
  /** Of PKCE; null: none was sent. */
  challenge: string | null
  at: number
}

/** The one OAuth app of the sandbox, and what people have given it. */
export interface OAuthApp {
  id: string
  secret: string
  codes: Map<string, Authorization>
  tokens: Map<string, User>
}

/** A code is good for ten minutes. */
const CODE_MS = 10 * 60_000

export function createOAuthApp(): OAuthApp {
  return { id: 'sandbox-client', secret: 'sandbox-client-secret', codes: new Map(), tokens: new Map() }
}

export function giveCode(app: OAuthApp, authorization: Omit<Authorization, 'at'>): string {
  const code = randomBytes(10).toString('hex')
  app.codes.set(code, { ...authorization, at: now() })
  return code
}

/** What GitHub calls each of the ways in which it gives no token; it answers them all with 200. */
export type OAuthError = 'incorrect_client_credentials' | 'redirect_uri_mismatch' | 'bad_verification_code'

/** Gives a token for a code, once. */
export function takeCode(app: OAuthApp, asked: Record<string, string>): { token: string } | OAuthError {
  if (asked.client_id !== app.id || asked.client_secret !== app.secret) return 'incorrect_client_credentials'
  const given = app.codes.get(asked.code ?? '')
  app.codes.delete(asked.code ?? '')
  if (!given || now() - given.at > CODE_MS) return 'bad_verification_code'
  if (asked.redirect_uri && asked.redirect_uri !== given.redirectUri) return 'redirect_uri_mismatch'
  const answered = asked.code_verifier && createHash('sha256').update(asked.code_verifier).digest('base64url')
  if (given.challenge !== null && given.challenge !== answered) return 'bad_verification_code'
  const token = `gho_${randomBytes(18).toString('hex')}`
  app.tokens.set(token, given.user)
  return { token }
}
