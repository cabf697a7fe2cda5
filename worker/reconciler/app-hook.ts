import { messageOf } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { getAppHook, listAppAttempts, redeliverOfApp } from '../../src/github/hooks.ts'
import { deliversTo } from '../../src/github/our-hooks.ts'
import type { Repository } from '../../src/jobs/job.ts'
import { findMissed, lookFrom } from './attempts.ts'
import type { HookHistory, HookReport } from './hook-report.ts'
import type { PassTools } from './pass-tools.ts'
import { overlapMs, readAttempts } from './read-attempts.ts'

/** Under this in place of a repository's id it is remembered what was looked at. */
const noRepository = 0

/** Reads the App's webhook once for a whole pass; undefined if it does not deliver to us: then repositories' own ones count. */
export async function readAppHook(
  from: number,
  tools: Omit<PassTools, 'appHook'>,
): Promise<HookHistory | undefined> {
  const { ask, github, memory, log } = tools
  try {
    const hook = await ask(() => getAppHook(github))
    if (!deliversTo(hook.url, tools.webhookUrl)) return undefined
    const looked = (await memory.lookFrom(noRepository)).get(hook.id) ?? 0
    const list = (cursor: string | undefined) => listAppAttempts(github, cursor)
    const attempts = await readAttempts(list, Math.max(from, looked - overlapMs), tools, {
      hook: 'of the App',
    })
    return { hook, attempts, redeliver: (id) => redeliverOfApp(github, id) }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    log.warn(
      { reason: messageOf(error) },
      "the App's webhook cannot be read: lost deliveries are not found by themselves",
    )
    return undefined
  }
}

/** What the App's webhook says of one repository. */
export function reportOfApp({ id }: Repository, { hook, attempts, redeliver }: HookHistory): HookReport {
  const ofRepository = attempts.filter(({ repositoryId }) => repositoryId === id)
  return {
    readable: true,
    hooks: [hook],
    histories: [{ hook, attempts: ofRepository, redeliver }],
    removed: false,
  }
}

/** Remembers from when on the next pass must look: what is missed in a repository that we know is looked at again. */
export async function rememberAppHook(
  { hook, attempts }: HookHistory,
  repositories: readonly { id: number }[],
  { memory }: Pick<PassTools, 'memory'>,
): Promise<void> {
  const known = new Set<number | null>(repositories.map(({ id }) => id))
  const missed = findMissed(attempts).filter(({ repositoryId }) => known.has(repositoryId))
  const next = lookFrom(attempts, missed)
  if (next !== undefined) await memory.rememberLookFrom(noRepository, hook.id, next)
}
