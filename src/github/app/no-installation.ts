import type { Call, RefusedAnswer } from '../auth.ts'
import { GitHubRefusal } from '../failure.ts'

/**
 * The App may not act for a repository or an organization: it is not installed there, or suspended. The message says what to do.
 *
 * It is no 404, which in many places means that a branch, a commit or a member is not there.
 */
export class NoInstallation extends GitHubRefusal {
  override name = 'NoInstallation'

  constructor(message: string) {
    super(403, message)
  }
}

/** Short: the status of a deployment has 140 characters. */
export function notInstalled(where: string, appUrl: string): NoInstallation {
  return new NoInstallation(
    `The GitHub App is not installed on ${where}: install it at ${appUrl}/installations/new`,
  )
}

export function installedNowhere(appUrl: string): NoInstallation {
  return new NoInstallation(`The GitHub App is installed nowhere: install it at ${appUrl}/installations/new`)
}

export function suspended(account: string, by: string | undefined, url: string): NoInstallation {
  const what = `The GitHub App is suspended on ${account} by ${by ?? 'somebody'}`
  return new NoInstallation(`${what}, who can lift that at ${url}`)
}

/**
 * Whether a refusal means that the App lacks a permission.
 *
 * @see https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api#resource-not-accessible
 */
export function isUnpermitted({ status, message }: RefusedAnswer): boolean {
  return status === 403 && /not accessible by integration/i.test(message)
}

/** Says which one. */
export function unpermitted(
  { what }: Call,
  answer: RefusedAnswer,
  installation: { account: string; url: string },
): GitHubRefusal {
  const accepted = answer.headers['x-accepted-github-permissions']
  const lacks = accepted === undefined ? 'a permission' : `the permission ${accepted}`
  const todo = `give it that in its settings, and accept it at ${installation.url}`
  const message = `The GitHub App lacks ${lacks} on ${installation.account}: ${todo}`
  return new GitHubRefusal(403, `${message} (${what}: ${answer.message})`)
}
