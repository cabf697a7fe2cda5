import { type MergeMethod, type MergeRules, mergeMethods } from '../config/rules.ts'

/** What decides how a pull request is merged. */
export interface MethodFacts {
  repository: string
  rules: MergeRules
  /** What the repository allows; undefined: it is not shown to us. */
  methods: readonly MergeMethod[] | undefined
  /** What the base branch allows; undefined: whatever the repository does. */
  branch: { methods: readonly MergeMethod[] | undefined }
}

/** The method that is configured, or the first that is allowed; else why there is none, in words. Pure. */
export function chooseMethod(facts: MethodFacts): { method: MergeMethod } | { reason: string } {
  const { repository, rules, methods, branch } = facts
  const allowed = mergeMethods.filter(
    (each) => (methods?.includes(each) ?? true) && (branch.methods?.includes(each) ?? true),
  )
  const [first] = allowed
  if (first === undefined) return { reason: `${repository} and its branch allow no method in common` }
  if (rules.method === undefined) return { method: first }
  if (allowed.includes(rules.method)) return { method: rules.method }
  const others = allowed.length === 1 ? `${first} is` : `${allowed.join(' and ')} are`
  return {
    reason: `${rules.method} is not allowed in ${repository}, ${others}: change merge.method in livraison.yml, or the settings at GitHub`,
  }
}
