import { type Context, ROOT_CONTEXT } from '@opentelemetry/api'
import type { Span, Telemetry } from 'bullmq'
import { BullMQOtel } from 'bullmq-otel'
import { version } from '../version.ts'

/** Of all that BullMQ tells, what is part of a job's way: that it is put into a queue, and that a worker has it. */
const told = /^(add|process) /

/** What nobody is told of: what begins within it belongs to what it began in. */
const untold: Span<Context> = {
  setSpanOnContext: (context) => context,
  setAttribute() {},
  setAttributes() {},
  addEvent() {},
  recordException() {},
  end() {},
}

/** Carries a trace with a job, from who queues it to the worker. BullMQ looks for jobs many times a minute: that is left out. */
export function jobTelemetry(): Telemetry<Context> {
  const { tracer, contextManager } = new BullMQOtel({ tracerName: 'livraison', version })
  return {
    tracer: {
      startSpan: (name, options, context) =>
        told.test(name) ? tracer.startSpan(name, options, context) : untold,
    },
    contextManager: {
      with: (context, work) => contextManager.with(context, work),
      active: () => contextManager.active(),
      // The loops of a worker go on for ever: they belong to no trace.
      root: () => ROOT_CONTEXT,
      getMetadata: (context) => contextManager.getMetadata(context),
      fromMetadata: (context, metadata) => contextManager.fromMetadata(context, metadata),
    },
  }
}
