import type { Attributes } from '@opentelemetry/api'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-node'

/** An exporter that takes secrets out of all texts of a span before it goes out. */
export function hideIn(exporter: SpanExporter, hide: (text: string) => string): SpanExporter {
  return {
    export(spans, done) {
      for (const span of spans) hideInSpan(span, hide)
      exporter.export(spans, done)
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  }
}

function hideInSpan({ attributes, events, status }: ReadableSpan, hide: (text: string) => string): void {
  hideInAttributes(attributes, hide)
  for (const event of events) hideInAttributes(event.attributes ?? {}, hide)
  if (status.message !== undefined) status.message = hide(status.message)
}

function hideInAttributes(attributes: Attributes, hide: (text: string) => string): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'string') attributes[name] = hide(value)
  }
}
