/** What the reviews of a pull request amount to. All of it is pure. */

/** One review, as GitHub lists it. */
export interface Review {
  id: number
  /** Empty once the reviewer's account is gone. */
  by: string
  /** `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`; others say nothing for or against. */
  state: string
  /** The head that was reviewed; null if it is gone. */
  sha: string | null
}

/** The last word of one reviewer. */
export interface Opinion {
  by: string
  approves: boolean
  sha: string | null
  /** Whether the reviewer may write to the repository: only then does the opinion count. */
  mayWrite: boolean
}

/** What a branch asks of reviews. */
export interface ReviewRules {
  approvals: number
  /** Whether GitHub dismisses approvals when something is pushed. */
  dismissesStale: boolean
}

const words = ['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']

/** Each reviewer's last word, in the order in which they spoke first. Comments change nothing, a dismissal takes it back. */
export function lastWords(reviews: readonly Review[]): Omit<Opinion, 'mayWrite'>[] {
  const last = new Map<string, Review>()
  for (const review of reviews.toSorted((a, b) => a.id - b.id)) {
    if (review.by !== '' && words.includes(review.state)) last.set(review.by.toLowerCase(), review)
  }
  return [...last.values()]
    .filter(({ state }) => state !== 'DISMISSED')
    .map(({ by, state, sha }) => ({ by, approves: state === 'APPROVED', sha }))
}

/** GitHub dismisses approvals a moment after a push: until then, an approval of an earlier commit is not believed. */
export const dismissalMs = 60_000

/**
 * What reviews a pull request still needs, in words. Whoever may write and asks for changes holds it back, even where no
 * approval is required.
 *
 * @param headSeenMs for how long its head has been known
 */
export function missingReviews(
  opinions: readonly Opinion[],
  { approvals, dismissesStale }: ReviewRules,
  head: string,
  headSeenMs: number,
): string[] {
  const counted = opinions.filter(({ mayWrite }) => mayWrite)
  const against = counted.filter(({ approves }) => !approves).map(({ by }) => by)
  const inFavour = counted.filter(({ approves }) => approves)
  const mayBeDismissed = dismissesStale && headSeenMs < dismissalMs
  const lasting = inFavour.filter(({ sha }) => !mayBeDismissed || sha === head)
  const missing = approvals - lasting.length
  return [
    ...against.map((by) => `${by} requested changes`),
    ...(missing > 0 ? [`${missing} more ${missing === 1 ? 'approval' : 'approvals'}`] : []),
    ...(missing > 0 && inFavour.length >= approvals
      ? ['what was approved before the last push counts in a minute, unless GitHub dismisses it']
      : []),
  ]
}
