import type { CheckRules, MergeRules } from '../rules.ts'
import { listWords, type Show } from './words.ts'

/** What `merge:` means, in one line. */
export function explainMerge({ label, method }: MergeRules, checks: CheckRules[], show: Show): string[] {
  const asks =
    label === undefined
      ? 'on which somebody comments /merge'
      : `with the label ${show(label)}, or on which somebody comments /merge,`
  const how = method === undefined ? 'by the first method that the repository allows' : `by ${method}`
  const own = checks.map(({ context }) => show(context))
  const among = own.length === 0 ? '' : `, ${listWords(own)} among them`
  return [
    `A pull request ${asks} is merged, ${how}, once all checks of its head are green${among}, and the reviews and whatever else its branch asks for are there; that is waited for, 30 days at most.`,
  ]
}
