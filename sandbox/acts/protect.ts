import type { Protection, Repository } from '../state.ts'
import { fullNameOf, tell, type World } from '../world.ts'

const nothing: Protection = {
  contexts: [],
  strict: false,
  ruleContexts: [],
  ruleApp: null,
  reviews: 0,
  ruleReviews: 0,
  dismissStale: false,
  mergeQueue: false,
  linearHistory: false,
  more: false,
}

/** Protects a branch by what is named, and takes away what is not. */
export function protectBranch(
  world: World,
  repository: Repository,
  branch: string,
  protection: Partial<Protection>,
): void {
  repository.protections.set(branch, { ...nothing, ...protection })
  tell(world, { what: 'branch protected', repository: fullNameOf(repository), id: branch })
}
