import type { Gate } from '../../ci/gates.ts'
import { durationWords, listWords } from './words.ts'

/** What a merge waits for; `again` says when it looks by itself. Pure. */
export function gateWords({ checks, since, until }: Gate, nowMs: number, again: string): string {
  const waited = durationWords(nowMs - since)
  const left = durationWords(until - nowMs)
  return `it has waited for CI for ${waited}: ${listWords(checks)}. What CI reports wakes it, and it looks ${again} by itself; in ${left} it is given up.`
}

/** Why a merge was not deployed, and what can be done. Pure. */
export function stoppedWords(gate: Gate): string {
  const { pullRequest, sha } = gate
  const what = pullRequest === undefined ? 'The commit' : `The merge of pull request #${pullRequest}`
  return `${what} (${sha.slice(0, 7)}) was not deployed: ${reasonOf(gate)}`
}

const wayOut = 'To deploy it all the same, create a deployment of it.'

function reasonOf({ verdict, checks, since, until }: Gate): string {
  const what = listWords(checks)
  if (verdict === 'red') return `its CI has failed: ${what}. ${wayOut}`
  return `its CI was not done after ${durationWords(until - since)}: ${what}. ${wayOut}`
}
