import { asOurApp } from '../src/config/as-our-app.ts'
import type { RulesInForce } from '../src/config/rules.ts'
import type { Auth } from '../src/github/auth.ts'
import { createGitHub, type GitHub, type GitHubOptions } from '../src/github/client.ts'
import { openAuth } from '../src/github/open-auth.ts'
import type { WorkerSettings } from '../src/settings/worker.ts'

/** GitHub, as whom a worker signs in there, and its rules, which depend on that. */
export interface SignedIn {
  github: GitHub
  auth: Auth
  rules: RulesInForce
}

/** Signs a worker in with its GitHub App, or with its token. */
export function signInToGitHub(
  settings: WorkerSettings,
  rules: RulesInForce,
  options: Omit<GitHubOptions, 'auth' | 'apiUrl'>,
): SignedIn {
  const toGitHub = { ...options, apiUrl: settings.githubApiUrl }
  const opened = openAuth(settings, toGitHub)
  if (opened === undefined) throw new Error('A worker needs a GitHub App or a token to sign in with.')
  const { auth, ourApp } = opened
  const { githubApp } = settings
  return {
    auth,
    github: createGitHub({ ...toGitHub, auth }),
    rules: githubApp && ourApp ? asOurApp(rules, githubApp.id, ourApp) : rules,
  }
}
