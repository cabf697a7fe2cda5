import {
  type Context,
  context,
  type Span as OtelSpan,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { messageOf } from '../errors/errors.ts'
import { version } from '../version.ts'
import type { OpenSpan, Span, SpanOptions, TraceContext, Tracing } from './tracing.ts'

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL }

/** Spans of our own, by OpenTelemetry's API. */
export function createSpans(): Pick<Tracing, 'span' | 'begin' | 'active' | 'context' | 'logFields'> {
  const tracer = trace.getTracer('livraison', version)

  const begin = (name: string, options: SpanOptions = {}): OpenSpan => {
    const { kind = 'internal', attributes = {}, beganAt } = options
    const parent = parentOf(options)
    const started = {
      kind: kinds[kind],
      attributes,
      ...(beganAt === undefined ? {} : { startTime: beganAt }),
    }
    const span = tracer.startSpan(name, started, parent)
    const inside = trace.setSpan(parent, span)
    return { ...toSpan(span), within: (work) => context.with(inside, work), end: () => span.end() }
  }

  return {
    begin,

    async span(name, options, work) {
      const span = begin(name, options)
      try {
        return await span.within(() => work(span))
      } catch (error) {
        span.fail(messageOf(error))
        throw error
      } finally {
        span.end()
      }
    },

    active() {
      const span = trace.getActiveSpan()
      return span && toSpan(span)
    },

    context() {
      const carrier: Partial<TraceContext> = {}
      propagation.inject(context.active(), carrier)
      const { traceparent, tracestate } = carrier
      if (traceparent === undefined) return undefined
      return tracestate === undefined || tracestate === '' ? { traceparent } : { traceparent, tracestate }
    },

    logFields() {
      const of = trace.getActiveSpan()?.spanContext()
      return of ? { trace_id: of.traceId, span_id: of.spanId } : {}
    },
  }
}

function parentOf({ parent }: SpanOptions): Context {
  if (parent === undefined) return context.active()
  return parent === null ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, parent)
}

function toSpan(span: OtelSpan): Span {
  return {
    set: (attributes) => void span.setAttributes(attributes),
    note: (event, attributes = {}) => void span.addEvent(event, attributes),
    fail(reason) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: reason })
    },
  }
}
