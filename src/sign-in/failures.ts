/** Why a sign-in failed: the word in the address `/sign-in?failed=...`, and what the page says. */
export const signInFailures = {
  password: 'This is not the token in ADMIN_TOKEN.',
  limited: 'Too many attempts to sign in came from your address. Try again in a quarter of an hour.',
  'no-admin-token': 'ADMIN_TOKEN is not set, so nobody can sign in with it.',
  'no-oauth':
    'To sign in with GitHub, GITHUB_OAUTH_CLIENT_ID and GITHUB_OAUTH_CLIENT_SECRET must be set: see docs/access.md.',
  nobody: 'Nobody may sign in with GitHub: `access` in livraison.yml says who may.',
  'not-allowed':
    'You may not sign in here: you are none of those whom `access` in livraison.yml names. Ask an admin.',
  denied: 'GitHub was not allowed to tell us who you are.',
  state: 'The sign-in took too long, or was begun elsewhere. Try again.',
  github: 'GitHub did not tell us who you are. Try again later; the log has the details.',
  unavailable: 'It cannot be found out now what you may do here. Try again later.',
  page: 'The page was too old, or not ours. Try again.',
} as const

export type SignInFailure = keyof typeof signInFailures

/** What the page to sign in on says of a failure; undefined of what is none. */
export function failureWords(failed: unknown): string | undefined {
  return typeof failed === 'string' && Object.hasOwn(signInFailures, failed)
    ? signInFailures[failed as SignInFailure]
    : undefined
}
