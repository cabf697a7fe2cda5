import { labelWords } from '../../jobs/labels.ts'
import { durationWords } from '../duration.ts'
import type { CheckRules } from '../rules.ts'
import { listWords, type Show } from './words.ts'

/** What the rules of a check mean, in one line. */
export function explainCheck(
  { context, command, env, timeoutMs, forks, runsOn }: CheckRules,
  show: Show,
): string {
  const given = Object.keys(env)
  const variables = given.length === 0 ? '' : ` with ${listWords(given)} in its environment`
  const where = runsOn === undefined ? '' : `, on workers that have ${labelWords(runsOn)}`
  const who = forks
    ? 'Each pull request, those from forks included (anybody who can open one runs code here),'
    : 'Each pull request that is not from a fork'
  return `${who} is checked as ${show(context)} by running ${show(command)}${variables} (${durationWords(timeoutMs)} at most)${where}.`
}
