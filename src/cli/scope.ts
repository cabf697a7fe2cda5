import { scopeWords } from '../locks/scope.ts'
import type { ShownFreeze, ShownLock } from './answers.ts'
import { type Client, pathOf, repositoryPath } from './client.ts'
import { exitStatus, Stop } from './exit-status.ts'
import { type PlaceOptions, splitOf, type Words } from './place.ts'

/** `--everything`: all repositories, instead of one. */
export type ScopeOptions = PlaceOptions & { everything?: boolean }

/** What a lock or a freeze is on, as it was typed. */
export interface Place {
  repository?: string
  environment?: string
}

/** The place that words name, and the words that are left. @throws {Stop} */
export async function readPlace(
  client: Client,
  words: Words,
  options: ScopeOptions,
  isReasonLast: boolean,
): Promise<{ place: Place; reason: string | undefined }> {
  const typed = words.filter((word) => word !== undefined)
  const reason = isReasonLast ? typed.pop() : undefined
  if (options.everything) {
    if (typed.length === 0) return { place: {}, reason }
    throw new Stop(exitStatus.askedWrongly, '--everything takes no repository and no environment.')
  }
  const { repository, rest } = await splitOf(client, typed, options)
  const [environment, ...more] = rest
  if (more.length > 0)
    throw new Stop(
      exitStatus.askedWrongly,
      `"${more.join(' ')}" is one word too many: put the reason in quotes.`,
    )
  return { place: { repository, ...(environment === undefined ? {} : { environment }) }, reason }
}

/** The path of the lock on a place. */
export function lockPath({ repository, environment }: Place): string {
  const ofRepository = repository === undefined ? '/locks' : repositoryPath('/locks', repository)
  return environment === undefined ? ofRepository : `${ofRepository}${pathOf(environment)}`
}

/** What a lock or a freeze is on, in words. Pure. */
export function placeWords({ scope }: ShownLock | ShownFreeze): string {
  return scopeWords(scope)
}
