import type { Auth } from '../../../github/auth.ts'
import type { AppCredentials } from '../../../github/credentials.ts'
import { GitHubRefusal, GitHubUnavailable } from '../../../github/failure.ts'
import { listAppAttempts } from '../../../github/hooks.ts'
import { openAuth } from '../../../github/open-auth.ts'
import type { DoctorSettings } from '../../../settings/doctor.ts'
import { clockFinding } from '../clock.ts'
import type { Finding } from '../finding.ts'
import { examineFetch } from '../git.ts'
import { mostRepositories } from '../repositories.ts'
import { answersFinding } from '../webhook/answers.ts'
import { type AskedGitHub, openAskedGitHub, reach } from './ask-github.ts'
import { hostFindings } from './host.ts'

const lookedAt = 20

/** What a GitHub App finds at GitHub: what became of its deliveries, and whether it may work on each repository (`owner/name`). */
export async function* examineAsApp(
  settings: DoctorSettings & { githubApp: AppCredentials },
  repositories: readonly string[],
): AsyncGenerator<Finding> {
  const opened = openAuth({ githubApp: settings.githubApp }, reach(settings))
  if (opened === undefined) return
  const asked = openAskedGitHub(settings, opened.auth)
  const deliveries = await examineDeliveries(asked)
  yield* hostFindings(asked.headers(), settings)
  const clock = clockFinding(String(asked.headers().date ?? ''), Date.now())
  if (clock !== undefined) yield clock
  // That it does not sign in is told.
  if (deliveries === undefined) return
  yield deliveries
  const accounts = new Set<string>()
  for (const each of repositories.slice(0, mostRepositories)) {
    yield* examineRepository(each, settings, { asked, auth: opened.auth, accounts })
  }
}

async function examineDeliveries({ github }: AskedGitHub): Promise<Finding | undefined> {
  try {
    const { attempts } = await listAppAttempts(github)
    return answersFinding('deliveries to the GitHub App', attempts.slice(0, lookedAt))
  } catch (error) {
    if (!(error instanceof GitHubRefusal || error instanceof GitHubUnavailable)) throw error
    return undefined
  }
}

interface AsApp {
  asked: AskedGitHub
  auth: Auth
  /** Those whose rate limit was told. */
  accounts: Set<string>
}

async function* examineRepository(
  fullName: string,
  settings: DoctorSettings,
  { asked, auth, accounts }: AsApp,
): AsyncGenerator<Finding> {
  const of = `repository ${fullName}`
  const [owner = '', name = ''] = fullName.split('/')
  const { status, message } = await asked.statusOf((github) => github.rest.repos.get({ owner, repo: name }))
  if (status !== 200) {
    yield {
      level: 'fail',
      of,
      text: message,
      todo: 'See whether it is called so, and install the App there.',
    }
    return
  }
  yield { level: 'ok', of, text: 'the GitHub App may work on it' }
  if (!accounts.has(owner)) yield limitFinding(owner, asked.headers())
  accounts.add(owner)
  const token = await tokenFor(auth, owner, name)
  if (typeof token !== 'string') yield { level: 'fail', of: `git of ${fullName}`, ...token }
  else yield await examineFetch({ ...settings, githubToken: token }, fullName)
}

async function tokenFor(auth: Auth, owner: string, name: string) {
  try {
    return await auth.tokenFor({ owner, name }, { contents: 'read' })
  } catch (error) {
    if (!(error instanceof GitHubRefusal || error instanceof GitHubUnavailable)) throw error
    return {
      text: error.message,
      todo: 'Give the App Contents: read, and accept that where it is installed.',
    }
  }
}

/** How many calls an installation has left, by the headers of an answer. Pure. */
export function limitFinding(account: string, headers: ReturnType<AskedGitHub['headers']>): Finding {
  const of = `rate limit of ${account}`
  const { 'x-ratelimit-remaining': left, 'x-ratelimit-limit': limit } = headers
  if (left === undefined || limit === undefined) return { level: 'ok', of, text: 'there is none' }
  const text = `${left} of ${limit} calls are left`
  if (Number(left) > Number(limit) / 10) return { level: 'ok', of, text }
  return { level: 'warn', of, text, todo: 'Wait until the hour is over; what is asked for waits, too.' }
}
