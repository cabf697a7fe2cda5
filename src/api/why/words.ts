import { type Labels, labelWords } from '../../jobs/labels.ts'

/** A duration in words, in its largest unit: `40 s`, `3 min`, `5 h`, `2 days`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`
  return `${Math.round(seconds / 86_400)} days`
}

/** That nobody is fit for it. */
export function noneHas(labels: Labels): string {
  return `no worker that has ${labelWords(labels)} is running`
}

/** `a`, `a and b`, `a, b and c`. */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
