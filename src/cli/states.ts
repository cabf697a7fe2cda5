import type { Style } from './terminal.ts'

const styles: Record<string, Style> = {
  success: 'green',
  failure: 'red',
  error: 'red',
  inactive: 'dim',
  in_progress: 'cyan',
  queued: 'yellow',
  pending: 'yellow',
}

/** The colour of a state, or of how things stand in an environment. */
export function styleOfState(state: string): Style | undefined {
  return styles[state]
}

/** The first characters of a sha, as people write it. Pure. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7)
}

/** What was deployed, by the name that it was deployed by: `main (4a48183)`, or the sha alone. Pure. */
export function commitWords({ ref, sha, branch, tag }: Committed): string {
  const name = tag ?? branch ?? ref
  return name === sha ? shortSha(sha) : `${name} (${shortSha(sha)})`
}

interface Committed {
  ref: string
  sha: string
  branch: string | null
  tag: string | null
}
