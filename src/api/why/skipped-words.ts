import type { Skipped } from '../../deployments/skipped.ts'
import { isoTime } from '../present-deployment.ts'

/** Why no deployment was made of something, and what can be done. Pure. */
export function skippedWords({ pullRequest, tag, sha, reason }: Skipped): string {
  const subject =
    pullRequest !== undefined
      ? `The merge of pull request #${pullRequest}`
      : tag === undefined
        ? 'The commit'
        : `The tag ${tag}`
  return `${subject} (${sha.slice(0, 7)}) was left out: ${reason}. To deploy it all the same, create a deployment of it.`
}

/** As the API gives it. */
export function presentSkipped({ pullRequest, tag, sha, reason, at }: Skipped) {
  return { pullRequest: pullRequest ?? null, tag: tag ?? null, sha, reason, at: isoTime(at) }
}
