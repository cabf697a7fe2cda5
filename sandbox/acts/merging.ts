import type { MergeMethod, Protection, Review } from '../state.ts'
import { pullNumbered, repositoryNamed, userNamed, type World } from '../world.ts'
import { ageActivity } from './activity.ts'
import { protectBranch } from './protect.ts'
import { removeLabel, setBase, setDraft } from './pulls.ts'
import { dismissReview, review } from './reviews.ts'

type By = { user?: string }

/** What decides whether a pull request may be merged. */
export interface MergingActs {
  unlabelPullRequest(fullName: string, number: number, label: string, by?: By): Promise<void>
  /** Makes a draft ready, or a ready one a draft. */
  setDraft(fullName: string, number: number, draft: boolean, by?: By): void
  /** Has a pull request merge into another branch. */
  setBase(fullName: string, number: number, base: string, by?: By): void
  /** GitHub says of a pull request, the next so many times that it is asked, that it is still working it out. */
  computeSlowly(fullName: string, number: number, times: number): void
  review(fullName: string, number: number, state: Review['state'], by?: By): Promise<Review>
  dismissReview(fullName: string, number: number, id: number, by?: By): void
  /** Protects a branch by what is named, and takes away what is not. */
  protectBranch(fullName: string, branch: string, protection: Partial<Protection>): void
  allowMergeMethods(fullName: string, methods: MergeMethod[]): void
  /** Whether the token may merge whatever a protection asks for. */
  letBypass(fullName: string, bypass: boolean): void
  /** Lets all that was pushed to a repository so far be so much older. */
  agePushes(fullName: string, ms: number): void
}

export function mergingActsOf(world: World): MergingActs {
  const at = (fullName: string) => repositoryNamed(world, fullName)
  const who = (by: By | undefined) => userNamed(world, by?.user ?? 'octocat')
  return {
    unlabelPullRequest: async (fullName, number, label, by) => {
      removeLabel(world, at(fullName), who(by), pullNumbered(at(fullName), number), label)
    },
    setDraft: (fullName, number, draft, by) =>
      setDraft(world, at(fullName), who(by), pullNumbered(at(fullName), number), draft),
    setBase: (fullName, number, base, by) =>
      setBase(world, at(fullName), who(by), pullNumbered(at(fullName), number), base),
    computeSlowly: (fullName, number, times) => {
      pullNumbered(at(fullName), number).computing = times
    },
    review: async (fullName, number, state, by) =>
      review(world, at(fullName), who(by), pullNumbered(at(fullName), number), state),
    dismissReview: (fullName, number, id, by) =>
      dismissReview(world, at(fullName), who(by), pullNumbered(at(fullName), number), id),
    protectBranch: (fullName, branch, protection) => protectBranch(world, at(fullName), branch, protection),
    allowMergeMethods: (fullName, methods) => {
      at(fullName).mergeMethods = new Set(methods)
    },
    letBypass: (fullName, bypass) => {
      at(fullName).bypass = bypass
    },
    agePushes: (fullName, ms) => ageActivity(at(fullName), ms),
  }
}
