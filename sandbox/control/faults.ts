import type { FaultAnswer, Faults, LossRule } from '../faults.ts'
import { Refusal } from '../refusal.ts'

interface FaultBody {
  operation?: string
  method?: string
  /** Source of a regular expression. */
  path?: string
  times?: number
  probability?: number
  answer?: FaultAnswer
  loseDeliveries?: LossRule
}

/**
 * Adds a fault told in JSON: `operation` is an operationId, or a regular expression between slashes;
 * `{ "loseDeliveries": { "event": …, "times": … } }` loses webhooks.
 */
export function addFault(faults: Faults, body: FaultBody): unknown {
  const { loseDeliveries, operation, path, answer, ...rest } = body
  if (loseDeliveries) return faults.loseDeliveries(loseDeliveries)
  if (!answer) throw new Refusal(422, 'A fault needs an `answer`, or `loseDeliveries`')
  const pattern = /^\/(.+)\/$/.exec(operation ?? '')?.[1]
  faults.add({
    ...rest,
    ...(operation ? { operation: pattern ? new RegExp(pattern) : operation } : {}),
    ...(path ? { path: new RegExp(path) } : {}),
    answer,
  })
  return body
}
