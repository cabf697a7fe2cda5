import { messageOf } from '../../src/errors/errors.ts'
import { GitHubRefusal } from '../../src/github/failure.ts'
import { type DeliveryAttempt, listAttempts, listHooks, redeliver } from '../../src/github/hooks.ts'
import { ourHooks } from '../../src/github/our-hooks.ts'
import { fullName, type Repository } from '../../src/jobs/job.ts'
import { reportOfApp } from './app-hook.ts'
import { findMissed, firstArrival, lookFrom } from './attempts.ts'
import type { HookHistory, HookReport } from './hook-report.ts'
import type { PassTools } from './pass-tools.ts'
import { overlapMs, readAttempts } from './read-attempts.ts'

/** More than this many in one pass, of one hook, would crowd out what is new. */
const mostRedeliveries = 100

/** Reads the hooks that deliver to us, and their attempts since the last pass, at most back to `from`. */
export async function readHooks(repository: Repository, from: number, tools: PassTools): Promise<HookReport> {
  const { ask, github, memory, log, appHook } = tools
  if (appHook) return reportOfApp(repository, appHook)
  const name = fullName(repository)
  try {
    const hooks = ourHooks(await ask(() => listHooks(github, repository)), tools.webhookUrl)
    await memory.unsay(repository.id, 'hooks')
    const lookedFrom = await memory.lookFrom(repository.id)
    const histories: HookHistory[] = []
    for (const hook of hooks) {
      const since = Math.max(from, (lookedFrom.get(hook.id) ?? 0) - overlapMs)
      const list = (cursor: string | undefined) => listAttempts(github, repository, hook.id, cursor)
      const attempts = await readAttempts(list, since, tools, { repository: name, hook: hook.id })
      histories.push({ hook, attempts, redeliver: (id) => redeliver(github, repository, hook.id, id) })
    }
    return { readable: true, hooks, histories, removed: hooks.length === 0 && lookedFrom.size > 0 }
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error
    if (await memory.sayOnce(repository.id, 'hooks')) {
      log.warn(
        { repository: name, reason: messageOf(error) },
        'the token may not read the webhooks: lost deliveries are found by what they were about, not by themselves',
      )
    }
    return { readable: false }
  }
}

/** When the first delivery that we know of arrived from these hooks; undefined if none did. */
export function firstArrivalOf(histories: HookHistory[]): number | undefined {
  return firstArrival(histories.flatMap(({ attempts }) => attempts))
}

/**
 * Asks for a redelivery of what never arrived since the repository is ours, but not for what `isHealed` says is
 * taken care of otherwise.
 */
export async function healDeliveries(
  repository: Repository,
  histories: HookHistory[],
  since: number,
  isHealed: (attempt: DeliveryAttempt) => boolean,
  tools: PassTools,
): Promise<void> {
  const { ask, memory, log, healed } = tools
  for (const { hook, attempts, redeliver } of histories) {
    const missed = findMissed(
      attempts.filter((attempt) => attempt.deliveredAt >= since && !isHealed(attempt)),
    )
    for (const { id, guid, event, status } of missed.slice(0, mostRedeliveries)) {
      if (!(await memory.mayAskFor(guid))) continue
      try {
        await ask(() => redeliver(id))
        healed.redelivered.push(guid)
        const about = { repository: fullName(repository), delivery: guid, event, status }
        log.info(about, 'asked GitHub to deliver again what never arrived')
      } catch (error) {
        if (!(error instanceof GitHubRefusal)) throw error
        log.warn({ delivery: guid, reason: error.message }, 'GitHub does not deliver it again')
      }
    }
    const from = lookFrom(attempts, missed)
    if (from !== undefined) await memory.rememberLookFrom(repository.id, hook.id, from)
  }
}
