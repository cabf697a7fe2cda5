import { type Environment, processEnvironment, withoutEmpty } from './environment.ts'

/**
 * Whether traces are sent: only where OpenTelemetry's own variables name an address for them. All else of OpenTelemetry's
 * variables is read by its libraries.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function isTracingWanted(env: Environment = processEnvironment()): boolean {
  const set = withoutEmpty(env)
  const isDisabled = set.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true'
  const exporters = set.OTEL_TRACES_EXPORTER?.split(',').map((each) => each.trim()) ?? ['otlp']
  const hasAddress =
    set.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined || set.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT !== undefined
  return hasAddress && !isDisabled && exporters.includes('otlp')
}
