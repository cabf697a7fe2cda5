/** What becomes of a request instead of GitHub's ordinary answer. */
export type FaultAnswer =
  /** This answer; the request has no effect. */
  | { status: number; headers?: Record<string, string>; body?: unknown }
  /** The connection is cut; the request has no effect. */
  | 'reset-before'
  /** The request takes effect; its answer is cut in the middle of the body, status and headers having come. */
  | 'reset-after'
  /** The request takes effect; the connection is cut without a byte of an answer. */
  | 'drop-after'
  /** No effect and no answer until the client gives up. */
  | 'hang'
  /** The ordinary answer, later. */
  | { delayMs: number }

export interface FaultRule {
  /** GitHub's operationId, e.g. `repos/create-deployment-status`. */
  operation?: string | RegExp
  method?: string
  /** Tried on the path below the API's root, e.g. `/repos/acme/shop/deployments`. */
  path?: RegExp
  /** How many requests it strikes; without it, all. */
  times?: number
  /** Between 0 and 1: how likely it strikes a request that it fits. */
  probability?: number
  answer: FaultAnswer
}

export interface Fault extends FaultRule {
  /** How many requests it has struck. */
  hits: number
}

export interface LossRule {
  event?: string
  times?: number
  /** Not even GitHub knows of the delivery. Else it is recorded as failed. */
  unrecorded?: boolean
}

export interface Faults {
  add(rule: FaultRule): Fault
  loseDeliveries(rule?: LossRule): LossRule & { hits: number }
  clear(): void
  /** The first fault that strikes this request, counted. */
  strike(request: { operation: string | null; method: string; path: string }): Fault | undefined
  /** Whether this delivery is lost, and how, counted. */
  lossOf(event: string): 'recorded' | 'unrecorded' | null
}

export function createFaults(): Faults {
  const faults: Fault[] = []
  const losses: (LossRule & { hits: number })[] = []
  return {
    add(rule) {
      const fault = { ...rule, hits: 0 }
      faults.push(fault)
      return fault
    },
    loseDeliveries(rule = {}) {
      const loss = { ...rule, hits: 0 }
      losses.push(loss)
      return loss
    },
    clear() {
      faults.length = 0
      losses.length = 0
    },
    strike(request) {
      const fault = faults.find((fault) => left(fault) && fits(fault, request) && drawn(fault))
      if (fault) fault.hits += 1
      return fault
    },
    lossOf(event) {
      const loss = losses.find((loss) => left(loss) && (loss.event === undefined || loss.event === event))
      if (!loss) return null
      loss.hits += 1
      return loss.unrecorded ? 'unrecorded' : 'recorded'
    },
  }
}

function left({ times, hits }: { times?: number; hits: number }): boolean {
  return times === undefined || hits < times
}

function fits(rule: FaultRule, request: { operation: string | null; method: string; path: string }): boolean {
  const { operation, method, path } = rule
  if (method !== undefined && method.toUpperCase() !== request.method) return false
  if (path && !path.test(request.path)) return false
  if (operation === undefined) return true
  if (request.operation === null) return false
  return typeof operation === 'string' ? operation === request.operation : operation.test(request.operation)
}

function drawn({ probability }: FaultRule): boolean {
  return probability === undefined || Math.random() < probability
}
