/** What a log says of an error. */
export interface ErrorFields {
  type: string
  message: string
  stack?: string
  [field: string]: unknown
}

/** Fields that say what went wrong, and nothing of what was sent: ioredis' errors hold commands, Octokit's whole requests. */
const harmless = [
  'code',
  'errno',
  'syscall',
  'hostname',
  'address',
  'port',
  'status',
  'statusCode',
  'reason',
  'retryAfterMs',
]
const deepest = 4

/** What of an error may be written down: what it is, says, and was caused by. Pure. */
export function errorFields(error: unknown, depth = 0): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { name, message, stack, cause } = error
  const errors = error instanceof AggregateError && depth < deepest ? error.errors : []
  return {
    type: name,
    message,
    ...(stack === undefined ? {} : { stack }),
    ...Object.fromEntries(harmless.flatMap((field) => plainField(error, field))),
    ...(cause !== undefined && depth < deepest ? { cause: errorFields(cause, depth + 1) } : {}),
    ...(errors.length > 0 ? { errors: errors.map((each: unknown) => errorFields(each, depth + 1)) } : {}),
  }
}

function plainField(error: Error, field: string): [string, string | number][] {
  const value: unknown = Object.hasOwn(error, field) ? Reflect.get(error, field) : undefined
  return typeof value === 'string' || typeof value === 'number' ? [[field, value]] : []
}
