/** What a commit's CI amounts to. All of it is pure. */

/** The newest status of one context of a commit. */
export interface CommitStatus {
  context: string
  state: string
}

/** One check run of a commit. */
export interface CheckRun {
  id: number
  /** The suite that it is in: a workflow run of GitHub Actions has one for all its jobs. */
  suite?: number
  /** The app that made it. */
  app: string
  name: string
  status: string
  conclusion: string | null
}

export interface CiFacts {
  statuses: CommitStatus[]
  checkRuns: CheckRun[]
  /** Contexts or names of check runs that must be there, and green. */
  required: readonly string[]
  /** Contexts that we report ourselves: they are left out. */
  ownContexts: readonly string[]
}

/** The names in it say what is the matter too: `build (in_progress)`. */
export type CiVerdict =
  | { verdict: 'green' }
  | { verdict: 'pending'; waitingFor: string[] }
  | { verdict: 'red'; failed: string[] }

type Judged = { name: string; mark: 'green' | 'pending' | 'red'; words: string }

/**
 * Judges a commit. Whatever it has must be green, and what is required must be there; a commit that has nothing,
 * and needs nothing, is green. What we do not know is not green. A failure ends it, whatever is still pending.
 */
export function judgeCi({ statuses, checkRuns, required, ownContexts }: CiFacts): CiVerdict {
  const own = new Set(ownContexts.map(fold))
  const judged = [...statuses.map(judgeStatus), ...latestOf(checkRuns).map(judgeCheckRun)].filter(
    ({ name }) => !own.has(fold(name)),
  )
  const present = new Set(judged.map(({ name }) => fold(name)))
  const missing = required.filter((name) => !own.has(fold(name)) && !present.has(fold(name)))

  const failed = judged.filter(({ mark }) => mark === 'red').map(({ words }) => words)
  if (failed.length > 0) return { verdict: 'red', failed }
  const pending = judged.filter(({ mark }) => mark === 'pending').map(({ words }) => words)
  const waitingFor = [...pending, ...missing.map((name) => `${name} (not reported)`)]
  return waitingFor.length > 0 ? { verdict: 'pending', waitingFor } : { verdict: 'green' }
}

/** GitHub compares contexts regardless of case. */
function fold(name: string): string {
  return name.toLowerCase()
}

function judgeStatus({ context, state }: CommitStatus): Judged {
  const red = state === 'failure' || state === 'error'
  const mark = state === 'success' ? 'green' : red ? 'red' : 'pending'
  return { name: context, mark, words: `${context} (${state})` }
}

/** What GitHub lets pass for required checks too. */
const passing: readonly (string | null)[] = ['success', 'neutral', 'skipped']

function judgeCheckRun({ name, status, conclusion }: CheckRun): Judged {
  if (status !== 'completed') return { name, mark: 'pending', words: `${name} (${status})` }
  const mark = passing.includes(conclusion) ? 'green' : 'red'
  return { name, mark, words: `${name} (${conclusion ?? 'no conclusion'})` }
}

/** A check that is run again is a new run of the same app and name: only that one counts. */
function latestOf(checkRuns: CheckRun[]): CheckRun[] {
  const latest = new Map<string, CheckRun>()
  for (const run of checkRuns.toSorted((a, b) => a.id - b.id)) {
    latest.set(JSON.stringify([run.app, run.name]), run)
  }
  return [...latest.values()]
}
