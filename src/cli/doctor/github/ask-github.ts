import { pino } from 'pino'
import type { Auth } from '../../../github/auth.ts'
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

/** How the doctor goes to GitHub, whoever it is there. */
export function reach({ githubApiUrl, githubCa }: Pick<DoctorSettings, 'githubApiUrl' | 'githubCa'>) {
  return { apiUrl: githubApiUrl, ca: githubCa?.pem, log: pino({ level: 'silent' }), pause: noPause }
}

/** Opens GitHub, signed in as a worker would be. */
export function openAskedGitHub(settings: DoctorSettings, auth: Auth): AskedGitHub {
  let last: ReturnType<AskedGitHub['headers']> = {}
  let status: number | undefined
  const github = createGitHub({
    ...{ auth, ...reach(settings) },
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
