import { fullName, type JobRequest } from '../jobs/job.ts'
import type { TraceMemory } from './memory.ts'
import type { Attributes, OpenSpan, Tracing } from './tracing.ts'

/** A delivery that is being answered. */
export interface TracedDelivery {
  /** Queues what it asks for, within its trace. A delivery that asks for nothing is part of none. */
  queue<T>(jobs: readonly JobRequest[], work: () => Promise<T>): Promise<T>
  /** Does something else of it within its trace, if it has one. */
  within<T>(work: () => T): T
  /** It is answered. */
  end(outcome: string): void
}

/** Begins to trace a delivery; `beganAt`: when it arrived, in milliseconds since 1970. */
export type TraceDelivery = (about: { event: string; delivery: string; beganAt: number }) => TracedDelivery

const untraced: TracedDelivery = { queue: (_jobs, work) => work(), within: (work) => work(), end() {} }

/** GitHub's deliveries are what traces begin with. A traceparent that comes with one is nobody's that we know: it is not read. */
export function createTraceDelivery(tracing: Tracing, memory: TraceMemory): TraceDelivery {
  if (!tracing.isOn) return () => untraced
  return ({ event, delivery, beganAt }) => {
    let span: OpenSpan | undefined
    return {
      async queue(jobs, work) {
        const known = await memory.find(jobs)
        const attributes = {
          ...http,
          'livraison.event': event,
          'livraison.delivery': delivery,
          ...aboutOf(jobs),
        }
        const options = { kind: 'server', parent: known ?? null, beganAt, attributes } as const
        const begun = tracing.begin(`POST ${http['http.route']}`, options)
        span = begun
        return begun.within(async () => {
          if (known === undefined) void memory.begin(jobs)
          return work()
        })
      },
      within: (work) => (span ? span.within(work) : work()),
      end(outcome) {
        span?.set({ 'livraison.outcome': outcome, 'http.response.status_code': statuses[outcome] ?? 200 })
        if (outcome === 'unavailable') span?.fail('It could not be queued.')
        span?.end()
      },
    }
  }
}

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */
const http = { 'http.request.method': 'POST', 'http.route': '/event_handler' }
const statuses: Record<string, number> = { queued: 202, unavailable: 503 }

function aboutOf(jobs: readonly JobRequest[]): Attributes {
  const [first] = jobs
  if (first === undefined || !('repository' in first.data)) return {}
  return { 'livraison.repository': fullName(first.data.repository) }
}
