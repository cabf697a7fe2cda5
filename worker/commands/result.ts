import type { Reply } from '../../src/commands/command.ts'

/** What became of a command: all that our comment says of it, or what it is to follow. Texts are plain. */
export type CommandResult =
  /** It is done and over, or answered. */
  | { kind: 'told'; text: string; lines?: readonly string[]; table?: Table }
  /** It is not done, for a reason. */
  | { kind: 'refused'; text: string }
  /** It is not understood, or not whole. */
  | { kind: 'unclear'; text: string }
  | FollowedDeployment
  | FollowedMerge

/** A deployment was asked for, and is made or not, runs, and ends. */
export interface FollowedDeployment {
  kind: 'deployment'
  environment: string
  request?: string
  deployment?: number
  /** What is deployed, in words. */
  what: string
}

/** A pull request is to be merged once it may be. */
export interface FollowedMerge {
  kind: 'merge'
  sha: string
}

export interface Table {
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

/** What a reply tells, or why there is none. */
export function resultOf({ outcome, text, lines }: Reply): CommandResult {
  if (outcome === 'refused') return { kind: 'refused', text }
  return { kind: 'told', text, ...(lines === undefined ? {} : { lines }) }
}
