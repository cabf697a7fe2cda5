import type { Repository } from '../jobs/job.ts'

/** A call to GitHub, as far as it says whose token it needs. */
export interface Call {
  /** Such as `POST /repos/acme/shop/deployments`. */
  what: string
  /** Its address below the API's root. */
  path: string
  /** The repository that it is about, where its address says only that one's id. */
  about?: { owner: string; repo: string } | undefined
}

/** How a call is signed. */
export interface Signed {
  token: string
  /** Whose limits it counts against, where a process has several: the account of an installation. */
  account?: string
}

/** How GitHub refused a call. */
export interface RefusedAnswer {
  status: number
  message: string
  headers: Record<string, string | number | undefined>
}

/** What a token that leaves this process is good for, by GitHub's names. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>

/** Who we are at GitHub. */
export interface Auth {
  /** @throws {GitHubRefusal} in plain words, where no token of ours may make this call */
  sign(call: Call): Promise<Signed>
  /**
   * What to sign a refused call with to make it once more; undefined: the answer stands.
   *
   * @throws {GitHubRefusal} that says in plain words why it was refused, if that is known better than by the answer
   */
  signAgain(call: Call, signed: Signed, answer: RefusedAnswer): Promise<Signed | undefined>
  /**
   * Told of the answer that stands, or that it was refused with again.
   *
   * @throws {GitHubRefusal} that says in plain words why, if that is known better than by the answer
   */
  explain(call: Call, signed: Signed, answer: RefusedAnswer): void
  /** Told of each answer's address of a next page: it names a repository by its id alone. */
  learn(call: Call, link: string | number | undefined): void
  /**
   * A token to be handed on: with an App one for this repository and no more than these permissions. It is good for at least
   * twenty minutes.
   */
  tokenFor(repository: Pick<Repository, 'owner' | 'name'>, permissions: Permissions): Promise<string>
  /** What to do if GitHub does not take what calls are signed with. */
  readonly advice: string
}

/** Signs every call with a person's token. */
export function tokenAuth(token: string): Auth {
  return {
    sign: async () => ({ token }),
    signAgain: async () => undefined,
    explain() {},
    learn() {},
    tokenFor: async () => token,
    advice: 'Is the token in GITHUB_TOKEN still valid?',
  }
}
