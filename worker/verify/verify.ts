import { setTimeout as sleep } from 'node:timers/promises'
import { durationWords } from '../../src/config/duration.ts'
import type { VerifyRules } from '../../src/config/rules.ts'
import { maskText } from '../../src/log/mask.ts'
import { type Health, judge, mostBadInARow, nextProbeMs, type Verdict } from './judge.ts'
import { probe } from './probe.ts'

/** Where the log goes, what it must not show, and what stops it all. */
export interface VerifyContext {
  signal: AbortSignal
  log(line: string): void
  secrets: readonly string[]
}

/** Whether it is healthy, and what GitHub is told if it is not. */
export type Verified = { isHealthy: true } | { isHealthy: false; description: string }

/**
 * Asks again and again whether what was deployed works, until that is known. The log has what changes, not each answer.
 *
 * @throws what the signal was aborted for
 */
export async function verify(rules: VerifyRules, { signal, secrets, log }: VerifyContext): Promise<Verified> {
  const mask = (text: string) => maskText(text, secrets)
  const { origin, pathname } = new URL(rules.url)
  const where = mask(`${origin}${pathname}`)
  const tell = (words: string) => log(mask(words))
  tell(
    `Verifying: ${where} must answer as expected within ${durationWords(rules.withinMs)}, and go on for ${durationWords(rules.forMs)}.`,
  )
  let health: Health = { beganAt: performance.now(), badInARow: 0 }
  let last = ''
  for (;;) {
    const found = await probe(rules, signal)
    const at = performance.now()
    if (found.words !== last) tell(`${where} ${found.words}.`)
    last = found.words
    const judged = judge(health, found, at, rules)
    health = judged.health
    if (judged.verdict === 'healthy') {
      tell(`It is healthy: ${where} has answered as expected for ${durationWords(rules.forMs)}.`)
      return { isHealthy: true }
    }
    if (judged.verdict) {
      const description = mask(failureWords(judged.verdict, `${origin}${pathname} ${last}`, rules))
      log(description)
      return { isHealthy: false, description }
    }
    await sleep(nextProbeMs(health, at, rules), undefined, { signal })
  }
}

function failureWords(verdict: Verdict, what: string, { withinMs }: VerifyRules): string {
  return verdict === 'turned bad'
    ? `Deployed, and healthy at first, but ${what}: the last of ${mostBadInARow} bad answers in a row.`
    : `Deployed, but ${what}: it was not healthy within ${durationWords(withinMs)}.`
}
