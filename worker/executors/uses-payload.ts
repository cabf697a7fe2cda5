import type { ExecutorRules } from '../../src/config/rules.ts'
import { isOfPayload } from './request/facts.ts'
import { namesIn, namesInJson } from './request/template.ts'

/** Whether an executor hands the deployment's payload on: only then is GitHub asked for it. Pure. */
export function usesPayload(rules: ExecutorRules): boolean {
  switch (rules.kind) {
    case 'run':
      return true
    case 'request':
      return [...namesInJson(rules.body), ...namesIn(rules.poll?.url ?? '')].some(isOfPayload)
    case 'simulate':
    case 'elsewhere':
    case 'use':
    case 'actions':
      return false
  }
}
