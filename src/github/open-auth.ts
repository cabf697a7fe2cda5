import { appAuth } from './app/app-auth.ts'
import { jwtAuth } from './app/jwt-auth.ts'
import { createWhoIsOurApp, type OurApp } from './app/our-app.ts'
import { type Auth, tokenAuth } from './auth.ts'
import { createGitHub, type GitHubOptions } from './client.ts'
import type { Credentials } from './credentials.ts'

/** Who we are at GitHub, and, if we are an App, which. */
export interface OpenAuth {
  auth: Auth
  /** Asks GitHub once. */
  ourApp?: () => Promise<OurApp>
}

/** Signs in with the App if there is one, else with the token; undefined if there is neither. */
export function openAuth(
  { githubApp, githubToken }: Credentials,
  options: Omit<GitHubOptions, 'auth'>,
): OpenAuth | undefined {
  if (githubApp !== undefined) {
    const jwt = jwtAuth(githubApp)
    const app = createGitHub({ ...options, auth: jwt })
    const ourApp = createWhoIsOurApp(app)
    return { auth: appAuth({ jwt, app, ourApp, log: options.log }), ourApp }
  }
  return githubToken === undefined ? undefined : { auth: tokenAuth(githubToken) }
}
