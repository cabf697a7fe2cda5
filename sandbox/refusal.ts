/** An answer of GitHub that is not a success: thrown by whoever finds the reason, answered in one place. */
export class Refusal extends Error {
  readonly status: number
  readonly body: Record<string, unknown>
  readonly headers: Record<string, string>
  /** Why the request could never have been good, if that is the reason. */
  readonly problems: string[] = []

  constructor(
    status: number,
    message: string,
    more: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.body = {
      message,
      ...more,
      documentation_url: 'https://docs.github.com/rest',
      status: String(status),
    }
    this.headers = headers
  }
}

/** GitHub's 422 for a field that cannot be accepted. */
export function validationFailed(resource: string, field: string, code: string, message?: string): Refusal {
  return new Refusal(422, message ? `Validation Failed: ${message}` : 'Validation Failed', {
    errors: [{ resource, field, code, ...(message ? { message } : {}) }],
  })
}

export function notFound(): Refusal {
  return new Refusal(404, 'Not Found')
}

/** A refusal of a request that is wrong whatever the state: it is recorded as a violation. */
export function malformed(status: number, message: string, problems: string[]): Refusal {
  const refusal = new Refusal(status, message)
  refusal.problems.push(...problems)
  return refusal
}

const DESCRIPTION_LIMIT = 140

/** GitHub's rule for descriptions of statuses, which its OpenAPI description tells only in words. */
export function refuseLongDescription(resource: string, description: string | null | undefined): void {
  if ([...(description ?? '')].length <= DESCRIPTION_LIMIT) return
  const message = `description is too long (maximum is ${DESCRIPTION_LIMIT} characters)`
  const refusal = validationFailed(resource, 'description', 'custom', message)
  refusal.problems.push(message)
  throw refusal
}
