import { DiagLogLevel, diag } from '@opentelemetry/api'
import { W3CTraceContextPropagator } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import { messageOf } from '../errors/errors.ts'
import { version } from '../version.ts'
import { within } from '../within.ts'
import { jobTelemetry } from './job-telemetry.ts'
import { hideIn } from './masked-exporter.ts'
import { createSpans } from './spans.ts'
import type { Tracing } from './tracing.ts'

export interface TelemetryOptions {
  /** What this process is called, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say otherwise. */
  serviceName: string
  /** Takes secrets out of a text. */
  hide: (text: string) => string
  /** Is told why traces are lost. */
  warn: (reason: string) => void
}

/** A process that ends does not wait any longer than this for a collector. */
const closeLimitMs = 3000
/** Longer texts are cut, unless OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT or the like says otherwise. */
const longestText = 1000
/** Beyond these, spans count what they leave out. */
const most = { attributes: 64, events: 64 }

/**
 * OpenTelemetry, for the whole process: spans are kept in a queue that is bounded (OTEL_BSP_MAX_QUEUE_SIZE, 2048) and sent in
 * batches; while the collector does not take them, what does not fit is dropped.
 */
export function openTelemetry({ serviceName, hide, warn }: TelemetryOptions): Tracing {
  diag.setLogger(toDiagnostics(warn, hide), { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true })
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': serviceName, 'service.version': version }))
    .merge(detectResources({ detectors: [envDetector] }))
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(hideIn(new OTLPTraceExporter(), hide))],
    spanLimits: {
      attributeValueLengthLimit: longestText,
      attributeCountLimit: most.attributes,
      eventCountLimit: most.events,
    },
  })
  // No baggage: nothing of ours is for those who are called.
  provider.register({ propagator: new W3CTraceContextPropagator() })
  return {
    isOn: true,
    jobs: jobTelemetry(),
    ...createSpans(),
    async close() {
      const closing = provider.shutdown()
      await within(closeLimitMs, closing, 'The collector of traces does not answer.').catch(
        (error: unknown) => warn(messageOf(error)),
      )
    },
  }
}

function toDiagnostics(warn: (reason: string) => void, hide: (text: string) => string) {
  const tell = (...parts: unknown[]) => warn(hide(parts.map(textOf).join(' ')).slice(0, longestText))
  const ignore = () => {}
  return { error: tell, warn: tell, info: ignore, debug: ignore, verbose: ignore }
}

function textOf(part: unknown): string {
  if (part instanceof Error) return messageOf(part)
  return typeof part === 'string' ? part : JSON.stringify(part)
}
