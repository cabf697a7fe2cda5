import { pino } from 'pino'
import { tokenAuth } from '../../../github/auth.ts'
import { createGitHub, type GitHub } from '../../../github/client.ts'
import { GitHubRefusal, GitHubUnavailable } from '../../../github/failure.ts'
import type { Pause } from '../../../github/pause.ts'
import type { DoctorSettings } from '../../../settings/doctor.ts'

/** GitHub, as the doctor asks it: what its last answer said beside its body is kept. */
export interface AskedGitHub {
  github: GitHub
  /** The headers of the last answer. */
  headers(): Record<string, string | number | undefined>
  /** The status of what is asked, whatever it is; undefined: no answer came. */
  statusOf(ask: (github: GitHub) => Promise<{ status: number }>): Promise<Answered>
}

/** The status of an answer, and what was said if it is no success. */
export interface Answered {
  status: number | undefined
  message: string
}

/** Nobody is kept waiting for what another was told: the doctor is to see for itself. */
const noPause: Pause = { check: async () => {}, begin: async () => {} }

/** Opens GitHub with the token that a worker would use. */
export function openAskedGitHub(settings: DoctorSettings & { githubToken: string }): AskedGitHub {
  let last: ReturnType<AskedGitHub['headers']> = {}
  let status: number | undefined
  const github = createGitHub({
    ...{ auth: tokenAuth(settings.githubToken), apiUrl: settings.githubApiUrl, ca: settings.githubCa?.pem },
    ...{ log: pino({ level: 'silent' }), pause: noPause },
    observe: (call) => {
      last = { ...call.headers }
      status = call.status
    },
  })
  return {
    github,
    headers: () => last,
    async statusOf(ask) {
      status = undefined
      try {
        return { status: (await ask(github)).status, message: '' }
      } catch (error) {
        if (!(error instanceof GitHubRefusal || error instanceof GitHubUnavailable)) throw error
        return { status, message: error.message }
      }
    },
  }
}
