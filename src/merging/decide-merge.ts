import { type CheckRun, type CommitStatus, judgeCi } from '../ci/judge.ts'
import type { MergeMethod, MergeRules } from '../config/rules.ts'
import type { MergeAsk } from '../jobs/job.ts'
import { chooseMethod } from './choose-method.ts'
import { missingReviews, type Opinion, type ReviewRules } from './reviews.ts'

/** Whether a pull request may be merged. All of it is pure. */

/** A pull request, as GitHub has it. */
export interface Pull {
  number: number
  open: boolean
  merged: boolean
  /** Who merged it, by login. */
  mergedBy: string | undefined
  draft: boolean
  /** Null while GitHub is working it out. */
  mergeable: boolean | null
  /** GitHub's summary of what it asks for: a hint, but one that knows of rules which nothing else tells. */
  mergeableState: string
  sha: string
  base: string
  /** Whether its head lies in another repository. */
  fork: boolean
  labels: string[]
  /** Whether GitHub's own auto-merge is on. */
  autoMerge: boolean
}

/** A check that must be there and green, and, if it is said, the app that must have made it. */
export interface RequiredCheck {
  context: string
  appId: number | undefined
}

/** What the base branch asks for, by its protection and by rulesets together. */
export interface BranchRules extends ReviewRules {
  checks: RequiredCheck[]
  mergeQueue: boolean
  /** Undefined: whatever the repository allows. */
  methods: readonly MergeMethod[] | undefined
  /** Whether a part of its protection is not shown to us. */
  hidden: boolean
}

export interface MergeFacts {
  /** `owner/name`. */
  repository: string
  rules: MergeRules
  /** The last time that somebody asked, if we know of it. */
  ask: MergeAsk | undefined
  pull: Pull
  ci: { statuses: CommitStatus[]; checkRuns: CheckRun[] }
  /** Our own checks that are wanted on this head. */
  ownChecks: readonly string[]
  branch: BranchRules
  opinions: readonly Opinion[]
  /** What the repository allows; undefined: it is not shown to us. */
  methods: readonly MergeMethod[] | undefined
  /** For how long the head has been known. */
  headSeenMs: number
}

export type MergeDecision =
  | { do: 'merge'; sha: string; method: MergeMethod }
  /** Each reason says what is missing: `build (in_progress)`, `1 more approval`. */
  | { do: 'wait'; reasons: string[] }

/** Why a pull request is not to be merged any more, in words; undefined while it is. */
export function whyOver(
  pull: Pull,
  rules: MergeRules | undefined,
  ask: MergeAsk | undefined,
): string | undefined {
  if (pull.merged) return pull.mergedBy === undefined ? 'it is merged' : `it is merged, by ${pull.mergedBy}`
  if (!pull.open) return 'it was closed without being merged'
  if (rules === undefined) return 'livraison.yml has no `merge` for its repository any more'
  const { label } = rules
  const labelled =
    label !== undefined && pull.labels.some((each) => each.toLowerCase() === label.toLowerCase())
  if (labelled || ask?.how === 'command') return undefined
  return label === undefined ? 'nobody asks for it' : `it does not carry the label ${label} any more`
}

/**
 * Judges an open pull request that asks to be merged. It may be merged if everything that its head has is green, all that
 * is required is there, and GitHub itself finds nothing in its way. What we do not know is in its way: the token may be
 * allowed to merge all the same, so that GitHub's refusal must not be what we rely on.
 */
export function decideMerge(facts: MergeFacts): MergeDecision {
  const { pull, branch } = facts
  if (branch.mergeQueue) {
    return { do: 'wait', reasons: [`the merge queue of ${pull.base} merges it, once somebody adds it there`] }
  }
  const chosen = chooseMethod(facts)
  const reasons = [
    ...doubtAsk(facts),
    ...(pull.draft ? ['it is a draft'] : []),
    ...(pull.autoMerge ? ["GitHub's own auto-merge is on, and merges it"] : []),
    ...missingChecks(facts),
    ...missingReviews(facts.opinions, branch, pull.sha, facts.headSeenMs),
    ...('reason' in chosen ? [chosen.reason] : []),
  ]
  const all = [...reasons, ...obstacles(pull, branch.hidden, reasons.length > 0)]
  if ('reason' in chosen || all.length > 0) return { do: 'wait', reasons: all }
  return { do: 'merge', sha: pull.sha, method: chosen.method }
}

/**
 * Who asked has seen one head and one base. Who pushes to a branch of the repository may write there; who pushes to a fork
 * may be anybody, and a pull request's author may change its base.
 */
function doubtAsk({ ask, pull, rules }: MergeFacts): string[] {
  const again =
    rules.label === undefined || ask?.how === 'command'
      ? 'ask again'
      : `take the label ${rules.label} off and put it on again`
  if (ask !== undefined && ask.base !== pull.base) {
    return [`its base is ${pull.base} and was ${ask.base} when ${ask.by} asked: ${again}`]
  }
  if (!pull.fork || ask?.sha === pull.sha) return []
  return ask === undefined
    ? [`it comes from a fork, and nothing told us which of its commits it was labelled at: ${again}`]
    : [`it comes from a fork and was pushed to after ${ask.by} asked: ${again}`]
}

function missingChecks({ ci, ownChecks, branch }: MergeFacts): string[] {
  const unmade = branch.checks.filter((check) => !isMade(check, ci))
  const named = [
    ...ownChecks,
    ...branch.checks.filter((check) => !unmade.includes(check)).map(({ context }) => context),
  ]
  const required = [...new Map(named.map((name) => [name.toLowerCase(), name])).values()]
  const judged = judgeCi({ ...ci, required, ownContexts: [] })
  const words = unmade.map(({ context, appId }) => `${context} (not reported by app ${appId})`)
  if (judged.verdict === 'green') return words
  return [...(judged.verdict === 'red' ? judged.failed : judged.waitingFor), ...words]
}

/** Whether the app that must report a check did. GitHub does not say of a status who made it; it enforces that itself. */
function isMade({ context, appId }: RequiredCheck, { statuses, checkRuns }: MergeFacts['ci']): boolean {
  if (appId === undefined) return true
  const isIt = (name: string) => name.toLowerCase() === context.toLowerCase()
  return (
    checkRuns.some(({ app, name }) => isIt(name) && app === String(appId)) ||
    statuses.some((status) => isIt(status.context))
  )
}

/** `unstable`: something that is not required is not green; that is ours to judge. */
const unhindered = ['clean', 'unstable', 'has_hooks']

/** What GitHub itself finds in the way. */
function obstacles(
  { mergeable, mergeableState, base, draft }: Pull,
  hidden: boolean,
  explained: boolean,
): string[] {
  if (mergeable === false || mergeableState === 'dirty') return [`it conflicts with ${base}`]
  if (mergeable === null || mergeableState === 'unknown')
    return ['GitHub is working out whether it can be merged']
  if (mergeableState === 'behind') {
    return [`${base} has moved on and takes only branches that are up to date with it: update the branch`]
  }
  if (unhindered.includes(mergeableState) || draft || explained) return []
  if (mergeableState !== 'blocked') return [`GitHub calls it ${mergeableState}`]
  const unseen = hidden ? " The token may not read the branch's protection to say which." : ''
  return [
    `something that ${base} asks for is missing, such as a review, a resolved conversation or a signature.${unseen}`,
  ]
}
