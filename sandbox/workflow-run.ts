import type { CheckRun, CheckSuite, Deployment, User } from './state.ts'

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
