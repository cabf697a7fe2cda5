import type { Role } from '../access/role.ts'
import type { Labels } from '../jobs/labels.ts'
import type { NoticeState } from '../notices/notice.ts'
import type { WeeklyWindow } from '../windows/windows.ts'

/** The configuration, as it holds for one repository and environment: what `livraison.yml` says, defaults filled in. */

/** How the deployments of an environment are done. */
export type ExecutorRules =
  | { kind: 'simulate'; workMs: number }
  | {
      kind: 'run'
      command: string
      env: Record<string, string>
      timeoutMs: number
      inactivityMs: number | undefined
    }
  | {
      kind: 'request'
      url: string
      method: string
      headers: Record<string, string>
      /** A JSON template: `{{sha}}` and the like stand for the run's facts. Undefined: the facts as they are. */
      body: unknown
      timeoutMs: number
      /** Where the outcome is asked for afterwards; undefined: the answer itself is the outcome. */
      poll: { url: string; everyMs: number; success: string; failure: string } | undefined
      /**
       * Whether what is called says by a call of its own how it went, and how long that is waited for once it has answered;
       * undefined: until the run's time is over.
       */
      callback?: { withinMs: number | undefined } | undefined
      /** Whether addresses of private networks may be called. */
      allowPrivate: boolean
    }
  | { kind: 'use'; path: string; options: Record<string, unknown>; timeoutMs: number }
  /** Nothing of ours: only GitHub Actions deploys there (`actions: gate` alone). */
  | { kind: 'actions' }
  /** Other workers do it (`runsOn`): what it needs is not in the environment of this process. */
  | { kind: 'elsewhere'; missing: readonly string[] }

/** When an environment deploys by itself. */
export type Trigger = 'merge' | 'push' | 'tag' | 'promotion' | 'manual'

/** How it is found out whether what was deployed works. */
export interface VerifyRules {
  url: string
  /** How long it may take until it answers as expected for the first time. */
  withinMs: number
  /** How long it must go on answering so. */
  forMs: number
  /** From an answer to the next question. */
  everyMs: number
  /** How long an answer may take. */
  timeoutMs: number
  /** The status codes of a good answer; undefined: 200 to 299. */
  expect: readonly number[] | undefined
}

/** Who must agree before a deployment begins. */
export interface ApprovalRules {
  required: number
  /** People (`octocat`) and teams (`@acme/deployers`); empty: whoever has the role approver. */
  from: readonly string[]
  /** How long an approval counts. */
  expireMs: number
  /** How long they are waited for, from when the deployment was accepted. */
  withinMs: number
}

/** A time in which nothing begins to be deployed. Times are milliseconds since 1970. */
export interface FreezeRules {
  from: number
  until: number
  /** The time zone that it was written in. */
  zone: string
  reason: string
}

/** The rules of one environment of one repository. */
export interface EnvironmentRules {
  name: string
  on: Trigger
  /** The environment whose success makes the next deployment here, of the same sha. */
  after: string | undefined
  /** The tags that are deployed, as globs (match-globs.ts); only where `on` is `tag`. */
  tags: readonly string[]
  /** Only what changes a file under these globs is deployed by itself; empty: whatever it changes. */
  paths: readonly string[]
  executor: ExecutorRules
  /** Whether these rules decide about what GitHub Actions deploys there; left out: such deployments are rejected. */
  actions?: 'gate'
  /** The labels that a worker must have to deploy here; undefined: the usual ones. */
  runsOn?: Labels | undefined
  /**
   * Where `runsOn` is set, the digest of what the file says of the environment, as it is written: processes that have different
   * variables have the same one.
   */
  writtenDigest?: string | undefined
  lane: 'supersede' | 'queue'
  onWorkerLoss: 'rerun' | 'fail'
  /** How long a deployment is held back, from when it was accepted; 0: not at all. */
  waitMs: number
  /** Undefined: nobody is asked. */
  approvals: ApprovalRules | undefined
  /** When deployments may begin; empty: at any time. */
  windows: readonly WeeklyWindow[]
  /** When none may, all that the file says for it, its repository and everything. */
  freezes: readonly FreezeRules[]
  /** Undefined: that the work was done is success enough. */
  verify: VerifyRules | undefined
  /** What is done after a failure: the last success is deployed again, or nothing. */
  rollback: 'automatic' | 'manual'
  /** Whose heads may be deployed here before they are merged: nobody's, those of its own branches, or forks' as well. */
  pullRequests: 'none' | 'own' | 'forks'
  /** Shown as environment_url on GitHub. */
  url: string | undefined
}

/** A command that is run on pull requests and reported as a commit status. */
export interface CheckRules {
  context: string
  command: string
  env: Record<string, string>
  timeoutMs: number
  /** Whether pull requests from forks are checked too. */
  forks: boolean
  /** The labels that a worker must have to run it; undefined: the usual ones. */
  runsOn?: Labels | undefined
}

/** How a pull request is merged, in the order in which GitHub offers them. */
export const mergeMethods = ['merge', 'squash', 'rebase'] as const
export type MergeMethod = (typeof mergeMethods)[number]

/** Which pull requests are merged by themselves, once they are green, and how. */
export interface MergeRules {
  /** The label that asks for it; undefined: no label does. */
  label: string | undefined
  /** Undefined: the first method that the repository allows. */
  method: MergeMethod | undefined
}

/** Where a channel leads. Addresses, tokens and secrets are never put into Redis. */
export type ChannelTarget =
  /** A Slack incoming webhook. */
  | { kind: 'slack'; url: string }
  /** A Slack app's bot: one thread for each deployment. `apiUrl` undefined: Slack's own. */
  | { kind: 'slack-bot'; token: string; channel: string; buttons: boolean; apiUrl: string | undefined }
  | { kind: 'discord'; url: string }
  /** The address that a Teams workflow ("When a Teams webhook request is received") gave. */
  | { kind: 'teams'; url: string }
  /** JSON by POST, signed with the secret if there is one. */
  | { kind: 'webhook'; url: string; secret: string | undefined; allowPrivate: boolean }
  /** `server` is an smtp:// or smtps:// address, with user and password if it wants them. */
  | { kind: 'email'; server: string; from: string; to: readonly string[] }
  /**
   * Hubot with the script in integrations/hubot/. What was asked for in a room that matches one of `rooms` (globs) is told
   * there, all else in `room`.
   */
  | { kind: 'hubot'; url: string; secret: string; room: string; rooms: readonly string[] }

/** One of those who are told of what happens, and what they are told. */
export interface ChannelRules {
  /** A short digest of where it leads: two that lead to the same place are one channel. It names its queue. */
  id: string
  target: ChannelTarget
  on: readonly NoticeState[]
  /** Globs of environments; empty: all. */
  environments: readonly string[]
  /** The operator's own texts (Liquid, see src/notices/template.ts); for the other states there are the usual ones. */
  texts: Readonly<Partial<Record<NoticeState, string>>>
  /** How many commits of what changed are listed; 0: none. */
  commits: number
  /** How many notices it takes in a minute. */
  perMinute: number
}

/** A channel, and the repository (a name or a pattern) whose it is; undefined: it is told of all. */
export interface PlacedChannel {
  repository: string | undefined
  channel: ChannelRules
}

/** Somebody in the chats, and who that is at GitHub. */
export interface PersonRules {
  /** The login. */
  github: string
  /** The member id (U012AB3CD) in Slack, the user id in Discord and the address in Teams: who is mentioned. */
  slack: string | undefined
  discord: string | undefined
  teams: string | undefined
  email: string | undefined
  /** The name (or id) that Hubot knows them by. */
  hubot: string | undefined
}

/** The rules of one repository. */
export interface RepositoryRules {
  /** The deployed branch; undefined: the repository's default branch. */
  branch: string | undefined
  environments: EnvironmentRules[]
  /** The rules of environments that are not named; undefined: nothing is deployed to them. */
  others?: EnvironmentRules
  checks: CheckRules[]
  /** Undefined: no pull request is merged by us. */
  merge?: MergeRules
  /** Who is told: its own channels, then those of everything. */
  notify: readonly ChannelRules[]
  /** The CI gate: contexts that must be green; empty: whatever the commit has. And how long it is waited for. */
  gate: { required: string[]; limitMs: number }
}

/** Who may sign in with GitHub, and what they may do everywhere. People by their logins, teams as `@acme/deployers`. */
export interface AccessRules {
  /** Whoever is a member of one of these may sign in; so may those in the other lists. */
  organizations: readonly string[]
  teams: readonly string[]
  people: readonly string[]
  /** People and teams. */
  roles: Readonly<Record<Role, readonly string[]>>
}

/** The GitHub App that we are. */
export interface OurAppRules {
  id: number
  /** The account that does what the App does, `livraison[bot]`; undefined: GitHub has not said yet. */
  bot: string | undefined
}

/** All rules. Without a file: every repository deploys its merges to production, simulated. */
export interface Rules {
  /** A short digest of what the file says; each deployment records the one it ran under. */
  digest: string
  /** The values that the file took from the environment: whoever writes logs masks them. */
  secrets: readonly string[]
  access: AccessRules
  /** All who are told of anything, in the file's order. */
  channels: readonly PlacedChannel[]
  /** Who is who in the chats. */
  people: readonly PersonRules[]
  /** The repositories that the file names one by one, not by a pattern. */
  named: readonly string[]
  /** Undefined: we are a person, by a token. */
  ourApp?: OurAppRules
  /** The names of the queues of what asks for workers with labels (`runsOn`). */
  pools: readonly string[]
  /** The rules of a repository by its full name; undefined: it is not to be deployed. */
  of(fullName: string): RepositoryRules | undefined
}

/** The rules that are in force. They change while a process runs: whoever needs them reads them anew. */
export interface RulesInForce {
  readonly current: Rules
}
