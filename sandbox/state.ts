// What the sandbox remembers: GitHub's things, as plain records. Times (`at`) are milliseconds since the epoch.

import type { Protection } from './protection.ts'

export type { Protection } from './protection.ts'

export type Login = string

export interface User {
  id: number
  login: Login
  type: 'User' | 'Bot' | 'Organization'
}

export interface App {
  id: number
  slug: string
  name: string
}

export interface Repository {
  id: number
  owner: User
  name: string
  defaultBranch: string
  at: number
  /** The bare git repository on disk. */
  gitDir: string
  parent: Repository | null
  branches: Map<string, string>
  tags: Map<string, Tag>
  /** Issues and pull requests share one row of numbers. */
  lastNumber: number
  pulls: Map<number, Pull>
  deployments: Deployment[]
  statuses: CommitStatus[]
  checkSuites: CheckSuite[]
  checkRuns: CheckRun[]
  hooks: Hook[]
  comments: Comment[]
  /** What moved its branches, the oldest first. */
  activities: Activity[]
  labels: Map<string, Label>
  permissions: Map<Login, Permission>
  protections: Map<string, Protection>
  mergeMethods: Set<MergeMethod>
  /** By name in lower case. */
  environmentRules: Map<string, EnvironmentRule>
  workflowRuns: WorkflowRun[]
  mergeGroups: MergeGroup[]
  /** Whether git lets in only who has a token for it. */
  isPrivate?: boolean
  /** Whether the token may merge whatever a protection asks for. */
  bypass: boolean
  /** The end of the queue of git operations: one at a time per repository. */
  turn: Promise<unknown>
}

/** A tag: the commit that it leads to, and, if it is annotated, an object of its own. */
export interface Tag {
  object: string
  /** Null for a tag of something else. */
  commit: string | null
}

export type Permission = 'admin' | 'maintain' | 'write' | 'triage' | 'read' | 'none'

export interface Label {
  id: number
  name: string
  color: string
}

export type MergeMethod = 'merge' | 'squash' | 'rebase'

export interface Pull {
  id: number
  number: number
  title: string
  body: string | null
  user: User
  draft: boolean
  state: 'open' | 'closed'
  head: { repository: Repository; ref: string; sha: string }
  base: { ref: string; sha: string }
  labels: Label[]
  at: number
  updatedAt: number
  closedAt: number | null
  mergedAt: number | null
  mergedBy: User | null
  mergeCommitSha: string | null
  /** Whether head merges into base, remembered for one pair of commits. */
  mergeable: { of: string; value: boolean } | null
  /** How many more times GitHub says that it is still working that out. */
  computing: number
  reviews: Review[]
}

export interface Review {
  id: number
  user: User
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED'
  body: string
  sha: string
  at: number
}

export type DeploymentState =
  | 'error'
  | 'failure'
  | 'inactive'
  | 'in_progress'
  | 'queued'
  | 'pending'
  | 'success'
  // Only GitHub Actions gives it, to what waits for the rules of its environment.
  | 'waiting'

export interface Deployment {
  id: number
  sha: string
  ref: string
  task: string
  payload: unknown
  originalEnvironment: string
  environment: string
  description: string | null
  creator: User
  app: App | null
  /** Made by a workflow of GitHub Actions: its webhooks carry `workflow` and `workflow_run`. */
  workflowRun: boolean
  transient: boolean
  production: boolean
  at: number
  updatedAt: number
  /** In order of creation. */
  statuses: DeploymentStatus[]
}

export interface DeploymentStatus {
  id: number
  state: DeploymentState
  creator: User
  description: string
  environment: string
  logUrl: string
  environmentUrl: string
  at: number
}

export interface CommitStatus {
  id: number
  sha: string
  state: 'error' | 'failure' | 'pending' | 'success'
  context: string
  description: string | null
  targetUrl: string | null
  creator: User
  at: number
}

export type CheckStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending'

export interface CheckSuite {
  id: number
  app: App
  sha: string
  branch: string | null
  at: number
}

export interface CheckRun {
  id: number
  suite: CheckSuite
  name: string
  sha: string
  status: CheckStatus
  conclusion: string | null
  externalId: string
  detailsUrl: string | null
  output: { title: string | null; summary: string | null; text: string | null }
  startedAt: number
  completedAt: number | null
}

export interface Comment {
  id: number
  number: number
  user: User
  body: string
  at: number
  updatedAt: number
  reactions: { id: number; user: User; content: string; at: number }[]
}

/** A change of a branch. */
export interface Activity {
  id: number
  ref: string
  before: string
  after: string
  type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion' | 'pr_merge'
  actor: User
  at: number
}

export interface Hook {
  id: number
  repositoryId: number
  /** Of an App's own webhook: the App. */
  appId?: number
  active: boolean
  url: string
  contentType: 'json' | 'form'
  secret: string | null
  insecureSsl: string
  events: string[]
  at: number
  updatedAt: number
  deliveries: Delivery[]
}

export interface Delivery {
  id: number
  guid: string
  hookId: number
  repositoryId: number
  event: string
  action: string | null
  redelivery: boolean
  at: number
  /** Seconds, as GitHub says it. */
  duration: number
  /** 'OK', or what went wrong; null while it is under way. */
  status: string | null
  /** 0 when no answer came. */
  statusCode: number
  requestHeaders: Record<string, string>
  payload: unknown
  responseHeaders: Record<string, string>
  responseBody: string
}

/** What an environment asks for before a job of GitHub Actions may deploy to it. */
export interface EnvironmentRule {
  name: string
  id: number
  /** The custom rule of the app that the token stands for. */
  custom: boolean
  /** People who must agree, too. */
  reviewers: boolean
}

/** A run of a workflow whose one job deploys to one environment. */
export interface WorkflowRun {
  id: number
  attempt: number
  event: string
  sha: string
  branch: string
  suite: CheckSuite
  environment: string
  /** Who began it first, and who this attempt. */
  actor: User
  triggeredBy: User
  status: 'waiting' | 'in_progress' | 'completed'
  conclusion: string | null
  /** Of this attempt. */
  job: CheckRun
  deployment: Deployment
  /** What the custom rule has said of this attempt. */
  reports: { comment: string; state: 'approved' | 'rejected' | null }[]
  /** What of the environment's rules it waits for still. */
  waitsFor: Set<'custom' | 'reviewers'>
  at: number
  updatedAt: number
}

/** A pull request that the merge queue of a branch has made a commit of, to be checked before it is merged. */
export interface MergeGroup {
  pull: Pull
  base: string
  baseSha: string
  headSha: string
  /** Below refs/heads/. */
  branch: string
  at: number
}
