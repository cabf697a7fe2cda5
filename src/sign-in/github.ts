import { Agent } from 'node:https'
import type { OAuth2Namespace } from '@fastify/oauth2'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isSame, randomSecret } from '../access/digests.ts'
import { trusting } from '../github/trust.ts'
import { loginOfToken } from '../github/whose-token.ts'
import { version } from '../version.ts'
import { ownPath } from './own-path.ts'

/** An OAuth app of GitHub, or the like of a GitHub App. */
export interface OAuthApp {
  id: string
  secret: string
}

/** Signing in with GitHub: there, and back with who somebody is. */
export interface GitHubSignIn {
  /** Gives the address at GitHub that the browser is to go to. */
  begin(request: FastifyRequest, reply: FastifyReply): Promise<string>
  /** Who came back, and where they wanted to go; `state` if they did not begin here. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<{ login: string; to: string } | 'state'>
}

export interface GitHubSignInOptions {
  oauth: OAuthApp
  publicUrl: string
  githubUrl: string
  githubApiUrl: string
  /** The certificates (PEM) of authorities that are trusted for GitHub beside the usual ones. */
  githubCa?: string | undefined
}

const limitMs = 10_000
const longestSeconds = 600

/**
 * GitHub's web application flow, with PKCE. The state is bound to the browser by a cookie, and holds where somebody wanted to
 * go. Nothing is asked for but who they are, and what GitHub gives for that is forgotten at once.
 *
 * @see https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#web-application-flow
 * @see https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication
 */
export async function openGitHubSignIn(
  app: FastifyInstance,
  { oauth, publicUrl, githubUrl, githubApiUrl, githubCa }: GitHubSignInOptions,
): Promise<GitHubSignIn> {
  const secure = publicUrl.startsWith('https:')
  const stateCookie = `${secure ? '__Host-' : ''}livraison_state`
  const { origin, pathname } = new URL(githubUrl)
  const below = pathname.replace(/\/$/, '')
  // Not all have an OAuth app, and its library is slow to load.
  const { default: oauth2 } = await import('@fastify/oauth2')
  await app.register(oauth2, {
    name: 'gitHub',
    scope: [],
    credentials: {
      client: oauth,
      auth: {
        tokenHost: origin,
        tokenPath: `${below}/login/oauth/access_token`,
        authorizePath: `${below}/login/oauth/authorize`,
      },
      options: { authorizationMethod: 'body' },
      http: { timeout: limitMs, ...(githubCa === undefined ? {} : { agent: new Agent(trusting(githubCa)) }) },
    },
    callbackUri: `${publicUrl}/sign-in/github/callback`,
    pkce: 'S256',
    userAgent: `livraison/${version}`,
    cookie: { path: '/', secure, httpOnly: true, sameSite: 'lax', maxAge: longestSeconds },
    redirectStateCookieName: stateCookie,
    verifierCookieName: `${secure ? '__Host-' : ''}livraison_verifier`,
    generateStateFunction: stateOf,
    checkStateFunction: (request) => isOwnState(request, stateCookie),
  })
  const flow: OAuth2Namespace | undefined = app.oauth2GitHub
  if (flow === undefined) throw new Error('@fastify/oauth2 did not add its flow')

  return {
    begin: (request, reply) => flow.generateAuthorizationUri(request, reply),

    async end(request, reply) {
      if (!isOwnState(request, stateCookie)) return 'state'
      const { token } = await flow.getAccessTokenFromAuthorizationCodeFlow(request, reply)
      // GitHub answers 200 where it gives none.
      const given: { access_token?: unknown; error?: unknown } = { ...token }
      if (typeof given.access_token !== 'string') {
        throw new Error(`GitHub gave no token: ${String(given.error ?? 'it did not say why')}.`)
      }
      return {
        login: await loginOfToken(githubApiUrl, given.access_token, githubCa),
        to: placeIn(queryOf(request).state),
      }
    },
  }
}

function stateOf(request: FastifyRequest): string {
  const to = Buffer.from(ownPath(queryOf(request).to)).toString('base64url')
  return `${randomSecret()}.${to}`
}

function isOwnState(request: FastifyRequest, cookieName: string): boolean {
  const { state } = queryOf(request)
  const expected = request.cookies[cookieName]
  return typeof state === 'string' && expected !== undefined && expected !== '' && isSame(state, expected)
}

function placeIn(state: unknown): string {
  const [, to = ''] = String(state).split('.')
  return ownPath(Buffer.from(to, 'base64url').toString())
}

function queryOf(request: FastifyRequest): Record<string, unknown> {
  return request.query as Record<string, unknown>
}
