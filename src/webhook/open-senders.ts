import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { messageOf } from '../errors/errors.ts'
import type { GitHub } from '../github/client.ts'
import { readHookRanges } from '../github/hook-ranges.ts'
import type { Logger } from '../log/log.ts'
import { firstContact, type Redis } from '../redis/redis.ts'
import type { AllowFrom } from '../settings/allow-from.ts'
import { createSenders, type Senders } from './senders.ts'

export interface OpenSendersTools {
  github: GitHub | undefined
  redis: Redis
  prefix: string
  log: Logger
  /** How often GitHub is asked again, and how soon after it could not be. */
  refreshMs?: number
  againMs?: number
}

export interface OpenSenders extends Senders {
  close(): void
}

const hourMs = 3_600_000

/**
 * From where webhooks are taken: the ranges that the operator named, and, if they say so, GitHub's own, which it is asked for each
 * hour. What it said last is kept in Redis, for a start at which it does not answer; until it has said it once, nothing is taken.
 */
export function openSenders({ github: isGitHub, ranges }: AllowFrom, tools: OpenSendersTools): OpenSenders {
  if (!isGitHub) return { ...createSenders(ranges), close: () => {} }
  const { refreshMs = hourMs, againMs = 30_000, log } = tools
  const senders = createSenders()
  const stop = new AbortController()
  void keepUpToDate()
  return { ...senders, close: () => stop.abort() }

  async function keepUpToDate(): Promise<void> {
    let isKnown = false
    const use = (found: readonly string[]) => {
      senders.replace([...ranges, ...found])
      isKnown = true
    }
    await firstContact(tools.redis)
    while (!stop.signal.aborted) {
      const kept = isKnown ? undefined : await readKept(tools).catch(() => undefined)
      if (kept !== undefined) use(kept)
      const found = await askGitHub(tools).catch((error: unknown) => {
        const so = isKnown ? 'those known so far go on' : 'no webhook is taken until it does'
        log.error({ reason: messageOf(error) }, `GitHub does not say where its webhooks come from: ${so}`)
      })
      if (found !== undefined) use(found)
      const waitMs = found === undefined ? againMs : refreshMs
      await sleep(waitMs, undefined, { signal: stop.signal, ref: false }).catch(() => {})
    }
  }
}

const keyOf = (prefix: string) => `${prefix}:github:hook-ranges`

async function readKept({ redis, prefix }: OpenSendersTools): Promise<string[] | undefined> {
  const kept = await redis.get(keyOf(prefix))
  return kept === null ? undefined : z.array(z.string()).parse(JSON.parse(kept))
}

async function askGitHub({ github, redis, prefix, log }: OpenSendersTools): Promise<string[]> {
  if (github === undefined) throw new Error('there is neither a GitHub App nor a GITHUB_TOKEN to ask with.')
  const found = await readHookRanges(github)
  await redis.set(keyOf(prefix), JSON.stringify(found)).catch((error: unknown) => {
    log.warn({ reason: messageOf(error) }, "GitHub's addresses could not be kept")
  })
  return found
}
