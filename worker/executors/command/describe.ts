import { stripVTControlCharacters } from 'node:util'
import type { Deployment } from '../../../src/jobs/job.ts'
import { truncate } from '../../../src/text.ts'
import type { Outcome } from '../executor.ts'
import type { Ending } from './process-group.ts'

/** GitHub cuts nothing: it refuses a description of more code points. */
const limit = 140

/** What became of a deployment's command, for GitHub. */
export function describeOutcome(
  deployment: Pick<Deployment, 'sha' | 'environment'>,
  ending: Exclude<Ending, { why: 'abort' }>,
  {
    tookMs,
    timeoutMs,
    inactivityMs,
  }: { tookMs: number; timeoutMs: number; inactivityMs?: number | undefined },
  lastLines: readonly string[],
): Outcome {
  if (ending.why === 'exit' && ending.status === 0) {
    const what = `${deployment.sha.slice(0, 7)} to ${plain(deployment.environment)}`
    return { state: 'success', description: truncate(`Deployed ${what} in ${duration(tookMs)}.`, limit) }
  }
  return { state: 'failure', description: describeFailure(ending, { timeoutMs, inactivityMs }, lastLines) }
}

/** Why a command failed, and its last words, within GitHub's limit. */
export function describeFailure(
  ending: Exclude<Ending, { why: 'abort' }>,
  { timeoutMs, inactivityMs }: { timeoutMs: number; inactivityMs?: number | undefined },
  lastLines: readonly string[],
): string {
  return withLastLines(reasonOf(ending, timeoutMs, inactivityMs ?? 0), lastLines)
}

function reasonOf(
  ending: Exclude<Ending, { why: 'abort' }>,
  timeoutMs: number,
  inactivityMs: number,
): string {
  switch (ending.why) {
    case 'exit':
      return `Exit status ${ending.status}`
    case 'signal':
      return `The command was killed by ${ending.signal}`
    case 'timeout':
      return `Stopped after ${duration(timeoutMs)}, its time limit`
    case 'silence':
      return `Stopped after ${duration(inactivityMs)} without output`
  }
}

/** The last line in any case, and of those before it as many (up to three in all) as there is room for. */
function withLastLines(reason: string, lines: readonly string[]): string {
  const said = lines.map(plain).filter((line) => line !== '')
  const last = said.at(-1)
  if (last === undefined) return `${reason}.`
  for (const count of [3, 2]) {
    const text = `${reason}: ${said.slice(-count).join(' | ')}`
    if (said.length >= count && [...text].length <= limit) return text
  }
  return truncate(`${reason}: ${last}`, limit)
}

/** A text without colours and control characters, in one line. */
function plain(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
}

/** A duration as people say it: "0.4 s", "12 s", "3 min 20 s". */
export function duration(ms: number): string {
  if (ms < 950) return `${Math.max(0.1, Math.round(ms / 100) / 10)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 120) return `${seconds} s`
  const rest = seconds % 60
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`
}
