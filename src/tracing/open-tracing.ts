import type { TelemetryOptions } from './telemetry.ts'
import { noTracing, type Tracing } from './tracing.ts'

/** Opens what tells of traces. OpenTelemetry is loaded only where they are wanted: it costs time at the start, and memory. */
export async function openTracing(isWanted: boolean, options: TelemetryOptions): Promise<Tracing> {
  if (!isWanted) return noTracing
  const { openTelemetry } = await import('./telemetry.ts')
  return openTelemetry(options)
}
