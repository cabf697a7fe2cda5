import { messageOf } from '../../errors/errors.ts'
import type { Logger } from '../../log/log.ts'
import type { Auth, Call, Signed } from '../auth.ts'
import type { GitHub } from '../client.ts'
import { GitHubRefusal } from '../failure.ts'
import { openInstallationTokens } from './installation-tokens.ts'
import { type Installation, openInstallations } from './installations.ts'
import { isUnpermitted, unpermitted } from './no-installation.ts'
import type { OurApp } from './our-app.ts'
import { subjectOf } from './subject-of.ts'

/** A call that begins now is answered, or given up, within this. */
const callMs = 60_000
/** A token that is handed on outlives the longest checkout. */
const handedOnMs = 20 * 60_000
/** One that was made since then is not made anew for the sake of permissions. */
const freshMs = 10_000
/** That something is not there is usual; whether it is the App that is not, is asked this often at most. */
const doubtMs = 60_000

export interface AppAuthOptions {
  /** Signs as the App itself. */
  jwt: Auth
  /** A client that does. */
  app: GitHub
  ourApp: () => Promise<OurApp>
  log: Logger
  /** A clock that is never put back, in milliseconds. */
  now?: () => number
}

/** Signs each call with a token of the installation that it is about; several accounts side by side. */
export function appAuth({ jwt, app, ourApp, log, ...clock }: AppAuthOptions): Auth {
  const installations = openInstallations(app, ourApp)
  const onFailure = (error: unknown) =>
    log.warn({ reason: messageOf(error) }, 'a token of the GitHub App could not be renewed yet')
  const tokens = openInstallationTokens({ app, onFailure, ...clock })
  const used = new Map<string, Installation>()
  const names = new Map<number, { owner: string; repo: string }>()
  const doubted = new Map<string, number>()

  const find = (call: Call): Promise<Installation> => {
    const subject = subjectOf(call.path)
    if (subject.of === 'repository') return installations.ofRepository(subject.owner, subject.repo)
    if (subject.of === 'organization') return installations.ofOrganization(subject.org)
    if (subject.of === 'nobody') return installations.any()
    const named = subject.of === 'repository-id' ? (call.about ?? names.get(subject.id)) : undefined
    if (named) return installations.ofRepository(named.owner, named.repo)
    throw new GitHubRefusal(403, `A GitHub App has no account of its own: it cannot ask ${call.what}`)
  }

  const sign = async (call: Call): Promise<Signed> => {
    if (subjectOf(call.path).of === 'app') return jwt.sign(call)
    return giveFor(
      () => find(call),
      async (installation) => {
        const account = installation.account.toLowerCase()
        used.set(account, installation)
        return { token: await tokens.get(installation, callMs), account }
      },
    )
  }

  /** An installation that gives no token is gone or suspended: looked up anew, it says so itself. */
  const giveFor = async <T>(
    findIt: () => Promise<Installation>,
    give: (installation: Installation) => Promise<T>,
  ): Promise<T> => {
    const installation = await findIt()
    try {
      return await give(installation)
    } catch (error) {
      if (!(error instanceof GitHubRefusal)) throw error
      installations.forget(installation)
      return give(await findIt())
    }
  }

  /** Of an organization it says only that somebody is no member. */
  const isDoubtful = ({ path }: Call): boolean => {
    const subject = subjectOf(path)
    if (subject.of !== 'repository') return false
    const name = `${subject.owner}/${subject.repo}`.toLowerCase()
    const now = performance.now()
    if (now - (doubted.get(name) ?? Number.NEGATIVE_INFINITY) < doubtMs) return false
    doubted.set(name, now)
    return true
  }

  return {
    sign,

    async signAgain(call, signed, answer) {
      if (signed.account === undefined) return jwt.signAgain(call, signed, answer)
      const installation = used.get(signed.account)
      if (installation === undefined) return undefined
      const isSuspended = answer.status === 403 && /suspended/i.test(answer.message)
      if (answer.status === 401 || isSuspended) {
        tokens.drop(signed.token)
        installations.forget(installation)
        return sign(call)
      }
      // A token is good for what was permitted when it was made, and more may have been since.
      if (isUnpermitted(answer) && tokens.isOlderThan(signed.token, freshMs)) {
        tokens.drop(signed.token)
        return sign(call)
      }
      if (answer.status === 404 && isDoubtful(call)) {
        installations.forget(installation)
        await find(call)
      }
      return undefined
    },

    explain(call, { account = '' }, answer) {
      const installation = used.get(account)
      if (installation !== undefined && isUnpermitted(answer)) throw unpermitted(call, answer, installation)
    },

    learn({ path }, link) {
      const subject = subjectOf(path)
      const id = /\/repositories\/(\d+)\//.exec(String(link ?? ''))?.[1]
      if (id !== undefined && subject.of === 'repository') {
        names.set(Number(id), { owner: subject.owner, repo: subject.repo })
      }
    },

    tokenFor: ({ owner, name }, permissions) =>
      giveFor(
        () => installations.ofRepository(owner, name),
        (installation) => tokens.get(installation, handedOnMs, { repository: name, permissions }),
      ),

    advice: 'Does GitHub still know this App and its private key?',
  }
}
