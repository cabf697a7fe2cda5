import { secretsIn } from '../settings/secrets.ts'
import { isTracingWanted } from '../settings/tracing.ts'
import { openTracing } from '../tracing/open-tracing.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { type Hiding, openHiding } from './hide-secrets.ts'
import { createLogger, type Logger } from './log.ts'
import { openStandardOutput } from './standard-output.ts'

/** What a process says of itself: its log, its traces, and what neither may show. */
export interface OpenLog {
  log: Logger
  tracing: Tracing
  hiding: Hiding
}

/** Opens the log of a process, and its traces if they are wanted; what the settings keep secret is in neither. */
export async function openLog(level: string, name: 'receiver' | 'worker'): Promise<OpenLog> {
  const hiding = openHiding(secretsIn())
  const tracing = await openTracing(isTracingWanted(), {
    serviceName: `livraison-${name}`,
    hide: hiding.text,
    warn: (reason) => log.warn({ reason }, 'traces are lost'),
  })
  const fields = tracing.isOn ? tracing.logFields : undefined
  const log = createLogger(level, name, { hide: hiding.text, fields, to: openStandardOutput() })
  return { log, tracing, hiding }
}
