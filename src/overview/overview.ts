import type { DeploymentRecord } from '../deployments/record.ts'
import type { Freeze } from '../locks/freezes.ts'
import type { Lock } from '../locks/locks.ts'

/** What there is to see of one environment of one repository. */
export interface LaneView {
  repositoryId: number
  /** `owner/name`, as it is now. */
  repository: string
  environment: string
  /** What is deployed there: the last success. */
  current?: DeploymentRecord
  /** What failed there since. */
  failed?: DeploymentRecord
  /** Whether it is known to work: verified, not verified by anything, or not working since a later failure. */
  health: 'verified' | 'deployed' | 'failing' | 'nothing'
  /** What runs, and what waits or is held back, with the reason for the first that waits. */
  running?: DeploymentRecord
  waiting: DeploymentRecord[]
  waitsFor?: string
  /** How many commits of the deployed branch it lacks; undefined while that is not known. */
  behind?: number
  /** Why that cannot be known, where GitHub does not say: the commit or the branch is gone. */
  behindUnknown?: string
  locks: Lock[]
  freezes: Freeze[]
}

/** A commit of a change list. */
export interface ChangedCommit {
  sha: string
  /** The first line of its message. */
  title: string
  author: string
  /** The author's login, where GitHub knows whose the commit is: a name is whatever somebody wrote. */
  login?: string
}

/** What is between two commits, as GitHub compares them. */
export interface Comparison {
  /** How many commits the second has that the first lacks, and the other way round. */
  ahead: number
  behind: number
  /** The newest of those that the second has, newest first; GitHub gives 250 at most. */
  commits: ChangedCommit[]
}

/** Two things to be compared: what `head` (a sha, a branch, or `HEAD`, the default branch) has that `base` (a sha) has not. */
export interface ComparisonWish {
  repositoryId: number
  base: string
  head: string
}

/** What is known of a comparison. Without an answer and without a reason it is not known yet. */
export interface Known<Answer> {
  answer?: Answer
  /** Whether the branch may have moved since; it is being asked for again. */
  isStale: boolean
  /** Why there is no answer: GitHub has one of the two no more. */
  unknown?: string
}

/** Comparisons that workers asked GitHub for; what is not known yet is asked for, and comes as a change of the feed. */
export interface Comparisons {
  /**
   * What `head` (a sha, or a branch) has that `base` (a sha) has not. Undefined while it is not known: it is then asked for.
   * What was said of a branch is asked for again after a minute.
   */
  read(repositoryId: number, base: string, head: string): Promise<Comparison | undefined>
  /** The same, with how sure it is, or why there is none. */
  look(wish: ComparisonWish): Promise<Known<Comparison>>
  /** Many at once, without their commits, in the order of the wishes. */
  count(wishes: readonly ComparisonWish[]): Promise<Known<Omit<Comparison, 'commits'>>[]>
}

/** How things stand everywhere. */
export interface Overview {
  /** All environments that the rules name or that something was deployed to, by repository and in the rules' order. */
  lanes(filter?: { repositoryId?: number }): Promise<LaneView[]>
  /** How long a success in an environment usually takes from in_progress to its end: the median of the last 20, in ms. */
  usualMs(repositoryId: number, environment: string): Promise<number | undefined>
  /** The deployment whose success was there before this one began: what its change list begins from. */
  predecessor(record: DeploymentRecord): Promise<DeploymentRecord | undefined>
}
