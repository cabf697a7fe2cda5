import type { Actor } from '../access/actor.ts'
import type { AuditEntry } from '../audit/audit.ts'
import { Refusal } from '../errors/refusal.ts'
import { NoInstallation } from '../github/app/no-installation.ts'
import { GitHubRefusal, GitHubUnavailable } from '../github/failure.ts'
import type { Answer, RefusalCode } from './answer.ts'
import type { OperationDependencies } from './dependencies.ts'
import { Refused } from './refused.ts'

/** What an operation is about, for the audit trail: filled in as it becomes known. */
export type About = Partial<Pick<AuditEntry, 'repository' | 'environment' | 'deployment' | 'reason'>>

/** Who asks, with all that may be touched for it. */
export interface Context extends OperationDependencies {
  actor: Actor
  about: About
}

/** The success of an operation: what happened, in one sentence or two, and more. */
export type Done<T extends object> = { text: string } & T

/**
 * Does an operation, notes in the audit trail what became of it, and turns what stands in its way into an answer. What nobody
 * foresaw stays an error, and is noted, too.
 */
export async function perform<T extends object>(
  dependencies: OperationDependencies,
  action: string,
  actor: Actor,
  about: About,
  work: (context: Context) => Promise<Done<T>>,
): Promise<Answer<T>> {
  const known = withoutUndefined(about)
  const note = (outcome: string, text: string) => {
    const { kind, name, face } = actor
    return dependencies.audit.note({ action, actor: { kind, name, face }, ...known, outcome, text })
  }
  const answer = await attempt(work({ ...dependencies, actor, about: known }), () =>
    note('error', 'Something went wrong; the log of the receiver has the details.'),
  )
  if (answer.outcome === 'done') await note('done', answer.text)
  else await note(answer.code, answer.reason)
  return answer
}

/** The answer that comes of some work; `onMistake` is told before a mistake of ours goes on its way. */
async function attempt<T extends object>(
  work: Promise<Done<T>>,
  onMistake: () => Promise<void>,
): Promise<Answer<T>> {
  try {
    return { outcome: 'done', ...(await work) }
  } catch (error) {
    const refused = readRefusal(error)
    if (refused) return { outcome: 'refused', ...refused }
    await onMistake().catch(() => {})
    throw error
  }
}

/** What an error says to whoever asked; undefined if it is a mistake of ours, or Redis is away. Pure. */
export function readRefusal(error: unknown): { code: RefusalCode; reason: string; later?: true } | undefined {
  if (error instanceof Refused) return { code: error.code, reason: error.message }
  if (error instanceof Refusal && error.statusCode === 503)
    return { code: 'unavailable', reason: error.message }
  if (error instanceof GitHubUnavailable) {
    return { code: 'unavailable', reason: `${error.message} Try again in a while.`, later: true }
  }
  if (!(error instanceof GitHubRefusal)) return undefined
  if (error instanceof NoInstallation) return { code: 'unavailable', reason: `${error.message}.` }
  const advice = 'May the token in GITHUB_TOKEN, or the GitHub App, do that?'
  return { code: 'unavailable', reason: `${error.message}. ${advice}` }
}

function withoutUndefined(about: About): About {
  return Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined))
}
