import type { MergeWait } from '../../merging/waits.ts'
import { isoTime } from '../present-deployment.ts'
import { durationWords } from './words.ts'

/** A pull request that waits to be merged, or was waited for in vain, with a sentence for people. Pure. */
export function presentMergeWait(wait: MergeWait, nowMs: number, over: boolean) {
  const { pullRequest, sha, reasons, since, until } = wait
  return {
    text: over ? givenUpWords(wait) : waitWords(wait, nowMs),
    pullRequest,
    sha,
    waitsFor: reasons,
    since: isoTime(since),
    until: isoTime(until),
  }
}

function waitWords({ pullRequest, reasons, since, until }: MergeWait, nowMs: number): string {
  const what = `#${pullRequest} waits to be merged: ${reasons.join(', ')}`
  return `${end(what)} It has waited for ${durationWords(nowMs - since)}, and is given up in ${durationWords(until - nowMs)}.`
}

function givenUpWords({ pullRequest, reasons, since, until }: MergeWait): string {
  const what = `#${pullRequest} was not merged, and is not waited for any more after ${durationWords(until - since)}: ${reasons.join(', ')}`
  return `${end(what)} Take the label off and put it on again to try once more.`
}

function end(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`
}
