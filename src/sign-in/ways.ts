import type { RulesInForce } from '../config/rules.ts'
import { isNobody } from '../config/to-access-rules.ts'
import { type SignInFailure, signInFailures } from './failures.ts'

/** How people can sign in, and what is missing for the other ways, in words. */
export interface SignInWays {
  password: boolean
  github: boolean
  missing: string[]
}

/** The ways to sign in, for the page. */
export function signInWays(
  adminToken: string | undefined,
  hasOAuth: boolean,
  rules: RulesInForce,
): SignInWays {
  const lacks = [
    ...(adminToken === undefined ? (['no-admin-token'] as const) : []),
    ...listOf(gitHubLacks(hasOAuth, rules)),
  ]
  return {
    password: adminToken !== undefined,
    github: gitHubLacks(hasOAuth, rules) === undefined,
    missing: lacks.map((lack) => signInFailures[lack]),
  }
}

/** What is missing for a sign-in with GitHub. */
export function gitHubLacks(hasOAuth: boolean, rules: RulesInForce): SignInFailure | undefined {
  if (!hasOAuth) return 'no-oauth'
  return isNobody(rules.current.access) ? 'nobody' : undefined
}

function listOf<T>(one: T | undefined): T[] {
  return one === undefined ? [] : [one]
}
