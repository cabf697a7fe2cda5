import type { PullHead } from '../../src/github/pull-head.ts'

/* Whether a pull request's head is what whoever commented saw. All of it is pure. */

export interface HeadFacts {
  pull: Pick<PullHead, 'number' | 'sha'>
  /** When the comment was written: milliseconds since 1970, of GitHub's clock, in whole seconds. */
  commentedAt: number
  /** When the head was pushed; undefined: GitHub does not say. */
  pushedAt: number | undefined
  /** The commit that the comment names, or the first digits of its sha. */
  named: string | undefined
  /** How the command is written with a sha: `/deploy staging`. */
  again: string
}

/**
 * Why the head may be another than the one that whoever commented meant; undefined: it is that one. Between a comment and our look
 * at the pull request anybody who may push to it can put something else there. A full sha says what is meant; its first digits
 * do not, since a commit with the same ones can be made in minutes. What was pushed in the second in which the comment was
 * written may have come after it.
 */
export function doubtHead({ pull, commentedAt, pushedAt, named, again }: HeadFacts): string | undefined {
  const { number, sha } = pull
  if (named !== undefined && !sha.startsWith(named)) {
    return `${named.slice(0, 7)} is not the head of #${number}: that is ${sha.slice(0, 7)}. Look at it, and ask for that one.`
  }
  if (named === sha) return undefined
  if (pushedAt === undefined) {
    return `GitHub does not say when the head of #${number} was pushed, so it may not be the one that you saw. Name the whole commit: ${again} ${sha}`
  }
  if (pushedAt < commentedAt) return undefined
  return `#${number} was pushed to after you commented, or in the same second: its head is ${sha.slice(0, 7)} now. Look at that, and ask again.`
}
