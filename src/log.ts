import { type Logger, pino } from 'pino'

export type { Logger } from 'pino'

/** The process's logger: JSON lines on standard output, with what could hold a secret taken out. */
export function createLogger(level: string, name: string): Logger {
  return pino({
    name,
    level,
    base: { name, pid: process.pid },
    redact: {
      paths: ['*.authorization', '*.headers.authorization', 'req.headers', 'token', '*.token', '*.secret'],
      censor: '(hidden)',
    },
  })
}
