import type { Telemetry } from 'bullmq'

/** Where in a trace something happens, as W3C's Trace Context writes it. @see https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  traceparent: string
  tracestate?: string
}

/** What is said of a span or an event; what is undefined is left out. */
export type Attributes = Record<string, string | number | boolean | undefined>

/** Something that takes time, and is not over yet. */
export interface Span {
  set(attributes: Attributes): void
  /** Something happened in it. */
  note(event: string, attributes?: Attributes): void
  /** It did not work. */
  fail(reason: string): void
}

/** A span that is ended by whoever began it. */
export interface OpenSpan extends Span {
  /** Does something within it: what begins there belongs to it. */
  within<T>(work: () => T): T
  end(): void
}

export interface SpanOptions {
  kind?: 'server' | 'client' | 'internal'
  attributes?: Attributes
  /** What it belongs to, if that is not the span that it is begun in; null: to nothing, it begins a trace. */
  parent?: TraceContext | null
  /** When it began, in milliseconds since 1970, if that is not now. */
  beganAt?: number
}

/** Tells a collector of traces what this process does. */
export interface Tracing {
  /** Whether anybody is told: what costs something only for traces is left out otherwise. */
  readonly isOn: boolean
  /** How BullMQ carries traces from queue to worker. */
  readonly jobs: Telemetry | undefined
  /** Does something in a span of its own, which an error marks. */
  span<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T>
  begin(name: string, options?: SpanOptions): OpenSpan
  /** The span that this is called in. */
  active(): Span | undefined
  /** Where in a trace this is called. */
  context(): TraceContext | undefined
  /** The same for a line of the log. */
  logFields(): { trace_id: string; span_id: string } | Record<string, never>
  /** Sends what is not sent yet, if that can be done soon. */
  close(): Promise<void>
}

const silent: OpenSpan = {
  set() {},
  note() {},
  fail() {},
  within: (work) => work(),
  end() {},
}

/** Nobody is told of anything. */
export const noTracing: Tracing = {
  isOn: false,
  jobs: undefined,
  span: (_name, _options, work) => work(silent),
  begin: () => silent,
  active: () => undefined,
  context: () => undefined,
  logFields: () => ({}),
  close: async () => {},
}
