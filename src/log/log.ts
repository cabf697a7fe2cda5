import { type DestinationStream, type Logger, type LoggerOptions as PinoOptions, pino } from 'pino'
import { errorFields } from '../errors/error-fields.ts'

export type { Logger } from 'pino'

export interface LoggerOptions {
  /** Takes secrets out of a line, whatever part of it they are in. */
  hide?: (line: string) => string
  /** What each line says of where it was written, beside its own fields; undefined: nothing. */
  fields?: (() => object) | undefined
  /** Where the lines go; standard output unless given. */
  to?: DestinationStream | undefined
}

/**
 * The process's logger: JSON lines on standard output. What could hold a secret is left out three times: fields by their names,
 * of errors all but what is known to be harmless, and of the whole line what is known to be secret.
 */
export function createLogger(level: string, name: string, { hide, fields, to }: LoggerOptions = {}): Logger {
  const options: PinoOptions = {
    name,
    level,
    base: { name, pid: process.pid },
    redact: {
      paths: ['*.authorization', '*.headers.authorization', 'req.headers', 'token', '*.token', '*.secret'],
      censor: '(hidden)',
    },
    serializers: { err: errorFields },
    ...(hide === undefined ? {} : { hooks: { streamWrite: hide } }),
    ...(fields === undefined ? {} : { mixin: fields }),
  }
  return to === undefined ? pino(options) : pino(options, to)
}
